// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: digest, n_sellers, tables
MATCH (run:Run {n: $run_n})
MATCH (x:Fit {digest: run.fit_digest})
RETURN
  x.digest, x.n_sellers, x.tables;

UNWIND $rows AS row
CREATE (:Fit {
  digest: row[0], n_sellers: row[1], tables: row[2]
})
RETURN count(*) AS n
