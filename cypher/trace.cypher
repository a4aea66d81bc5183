// purpose: what the current run found on the way, in parts
// params:
// returns: data
MATCH (x:RunTrace {run_n: $run_n})
WHERE x.part IS NOT NULL
RETURN x.data AS data
ORDER BY x.part
