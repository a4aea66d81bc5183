// purpose: forget groups of holders that no evidence names any more
// params:
// returns:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
MATCH (x:EvidenceHolders {run_n: run.n})
WHERE x.n IS NOT NULL AND NOT EXISTS { MATCH (part:Evidence {run_n: run.n, holders_n: x.n}) }
DELETE x
RETURN count(*) AS n
