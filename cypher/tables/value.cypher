// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, kind_n, text, display
// slices: value
MATCH (x:Value)
WHERE x.n >= $low AND x.n < $high
RETURN collect([
  x.n, x.kind_n, x.text, x.display
]) AS rows;

UNWIND $rows AS row
MATCH (kind:Kind {n: row[1]})
CREATE (:Value {
  kind: kind.name, n: row[0], kind_n: row[1], text: row[2], display: row[3]
})
RETURN count(*) AS n
