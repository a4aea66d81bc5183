// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: run_id, as_of, finished_at, fit_digest, n_sellers, notes
MATCH (x:Run {n: $run_n})
RETURN
  x.run_id, x.as_of, x.finished_at, x.fit_digest, x.n_sellers, x.notes;

UNWIND $rows AS row
CREATE (:Run {
  n: 1, state: 'draft', run_id: row[0], as_of: row[1], finished_at: row[2], fit_digest: row[3],
  n_sellers: row[4], notes: row[5]
})
RETURN count(*) AS n
