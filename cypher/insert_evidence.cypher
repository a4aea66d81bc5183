// purpose: keep a part of a score
// params: ring_id, seller_id, position, kind, family, value, n_holders, score, holders_n
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:Evidence {
  run_n: run.n, ring_id: row[0], seller_id: row[1], position: row[2], kind: row[3], family: row[4], value: row[5],
  n_holders: row[6], score: row[7], holders_n: row[8]
})
RETURN count(*) AS n
