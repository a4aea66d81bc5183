// purpose: keep a value that members share
// params: ring_id, position, kind, family, value, n_holders, is_hub
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:RingValue {
  run_n: run.n, ring_id: row[0], position: row[1], kind: row[2], family: row[3], value: row[4], n_holders: row[5], is_hub: row[6]
})
RETURN count(*) AS n
