// purpose: forget the hubs of the run before, which are all written anew
// params:
// returns:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
MATCH (x:Hub {run_n: run.n})
WHERE x.kind IS NOT NULL AND x.value IS NOT NULL
DELETE x
RETURN count(*) AS n
