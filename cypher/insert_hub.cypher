// purpose: keep a hub
// params: kind, value, n_holders, reason, ground, exempt_as
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:Hub {
  run_n: run.n, kind: row[0], value: row[1], n_holders: row[2], reason: row[3], ground: row[4], exempt_as: row[5]
})
RETURN count(*) AS n
