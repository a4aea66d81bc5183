// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, text
MATCH (x:Purpose)
RETURN
  x.n, x.text;

UNWIND $rows AS row
CREATE (:Purpose {
  n: row[0], text: row[1]
})
RETURN count(*) AS n
