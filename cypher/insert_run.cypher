// purpose: keep a run
// params: run_id, as_of, finished_at, fit_digest, n_sellers, notes
// returns:
// key: run_id
OPTIONAL MATCH (any:Run)
WITH coalesce(max(any.n), 0) AS last_n
UNWIND $rows AS row
CREATE (:Run {
  n: last_n + 1, run_id: row[0], state: 'draft', as_of: row[1], finished_at: row[2], fit_digest: row[3], n_sellers: row[4],
  notes: row[5]
})
RETURN count(*) AS n
