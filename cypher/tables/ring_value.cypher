// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, position, kind, family, value, n_holders, is_hub
MATCH (x:RingValue {run_n: $run_n})
WHERE x.ring_id IS NOT NULL
RETURN
  x.ring_id, x.position, x.kind, x.family, x.value, x.n_holders, x.is_hub;

UNWIND $rows AS row
CREATE (:RingValue {
  run_n: 1, ring_id: row[0], position: row[1], kind: row[2], family: row[3], value: row[4], n_holders: row[5],
  is_hub: row[6]
})
RETURN count(*) AS n
