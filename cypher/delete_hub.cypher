// purpose: forget up to 10,000 rows of runs that are not current
// params:
// returns:
MATCH (run:Run)
WHERE run.state <> 'current'
MATCH (x:Hub {run_n: run.n})
WHERE x.kind IS NOT NULL AND x.value IS NOT NULL
WITH x
LIMIT 10000
DELETE x
RETURN count(*) AS n
