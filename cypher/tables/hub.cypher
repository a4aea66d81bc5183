// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: kind, value, n_holders, reason
MATCH (x:Hub {run_n: $run_n})
WHERE x.kind IS NOT NULL AND x.value IS NOT NULL
RETURN
  x.kind, x.value, x.n_holders, x.reason;

UNWIND $rows AS row
CREATE (:Hub {
  run_n: 1, kind: row[0], value: row[1], n_holders: row[2], reason: row[3]
})
RETURN count(*) AS n
