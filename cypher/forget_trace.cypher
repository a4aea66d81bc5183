// purpose: forget what the run before found on the way
// params:
// returns:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
MATCH (x:RunTrace {run_n: run.n})
WHERE x.part IS NOT NULL
DELETE x
RETURN count(*) AS n
