// purpose: forget up to 10,000 rows of runs that are not current
// params:
// returns:
MATCH (run:Run)
WHERE run.state <> 'current'
MATCH (x:RunTrace {run_n: run.n})
WHERE x.part IS NOT NULL
WITH x
LIMIT 10000
DELETE x
RETURN count(*) AS n
