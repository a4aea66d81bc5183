// purpose: the greatest number of a group of holders in a run
// params: run_id
// returns: n
MATCH (run:Run {run_id: $run_id})
OPTIONAL MATCH (x:EvidenceHolders {run_n: run.n})
WHERE x.n IS NOT NULL
RETURN coalesce(max(x.n), 0) AS n
