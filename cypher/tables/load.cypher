// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, source_n, is_full, state, begun_at, finished_at
MATCH (x:Load)
RETURN
  x.n, x.source_n, x.is_full, x.state, x.begun_at, x.finished_at;

UNWIND $rows AS row
CREATE (:Load {
  n: row[0], source_n: row[1], is_full: row[2], state: row[3], begun_at: row[4], finished_at: row[5]
})
RETURN count(*) AS n
