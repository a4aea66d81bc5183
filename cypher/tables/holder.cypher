// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, id
// slices: holder
MATCH (x:Holder)
WHERE x.n >= $low AND x.n < $high
RETURN collect([
  x.n, x.id
]) AS rows;

UNWIND $rows AS row
CREATE (:Holder {
  n: row[0], id: row[1]
})
RETURN count(*) AS n
