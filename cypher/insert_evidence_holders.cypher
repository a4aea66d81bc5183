// purpose: keep a group of members that hold one value
// params: n, seller_ids
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:EvidenceHolders {run_n: run.n, n: row[0], seller_ids: row[1]})
RETURN count(*) AS n
