// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: kind, value, n_holders, reason, ground, exempt_as
MATCH (x:Hub {run_n: $run_n})
WHERE x.kind IS NOT NULL AND x.value IS NOT NULL
RETURN
  x.kind, x.value, x.n_holders, x.reason, coalesce(x.ground, 'hub'), coalesce(x.exempt_as, '');

UNWIND $rows AS row
CREATE (:Hub {
  run_n: 1, kind: row[0], value: row[1], n_holders: row[2], reason: row[3], ground: row[4], exempt_as: row[5]
})
RETURN count(*) AS n
