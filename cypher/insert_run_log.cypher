// purpose: remember that a run was, after all those before it
// params: run_id, finished_at, fit_digest, n_sellers, n_rings
// returns:
// key: run_id
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
OPTIONAL MATCH (any:RunLog)
WITH coalesce(max(any.n), 0) AS last_n
UNWIND $rows AS row
CREATE (:RunLog {
  n: last_n + 1, run_id: row[0], finished_at: row[1], fit_digest: row[2], n_sellers: row[3], n_rings: row[4]
})
RETURN count(*) AS n
