// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, name, definition
MATCH (x:Kind)
RETURN
  x.n, x.name, x.definition;

UNWIND $rows AS row
CREATE (:Kind {
  n: row[0], name: row[1], definition: row[2]
})
RETURN count(*) AS n
