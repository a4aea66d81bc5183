// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, name
MATCH (x:Source)
RETURN
  x.n, x.name;

UNWIND $rows AS row
CREATE (:Source {
  n: row[0], name: row[1]
})
RETURN count(*) AS n
