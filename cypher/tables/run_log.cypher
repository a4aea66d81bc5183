// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, run_id, finished_at, fit_digest, n_sellers, n_rings
MATCH (x:RunLog)
WHERE NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.n, x.run_id, x.finished_at, x.fit_digest, x.n_sellers, x.n_rings;

UNWIND $rows AS row
CREATE (:RunLog {
  n: row[0], run_id: row[1], finished_at: row[2], fit_digest: row[3], n_sellers: row[4], n_rings: row[5]
})
RETURN count(*) AS n
