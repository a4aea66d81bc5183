// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: part, data
MATCH (x:RunTrace {run_n: $run_n})
WHERE x.part IS NOT NULL
RETURN
  x.part, x.data;

UNWIND $rows AS row
CREATE (:RunTrace {
  run_n: 1, part: row[0], data: row[1]
})
RETURN count(*) AS n
