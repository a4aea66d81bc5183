// purpose: forget fits that no run uses
// params:
// returns:
MATCH (fit:Fit)
WHERE NOT EXISTS { MATCH (run:Run) WHERE run.fit_digest = fit.digest }
DELETE fit
RETURN count(*) AS n
