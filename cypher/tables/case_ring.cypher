// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, n
MATCH (x:CaseRing)
RETURN
  x.ring_id, x.n;

UNWIND $rows AS row
CREATE (:CaseRing {
  ring_id: row[0], n: row[1]
})
RETURN count(*) AS n
