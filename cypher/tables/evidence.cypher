// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, seller_id, position, kind, family, value, n_holders, score, holders_n
MATCH (x:Evidence {run_n: $run_n})
WHERE x.ring_id IS NOT NULL AND x.seller_id IS NOT NULL
RETURN
  x.ring_id, x.seller_id, x.position, x.kind, x.family, x.value, x.n_holders, x.score, x.holders_n;

UNWIND $rows AS row
CREATE (:Evidence {
  run_n: 1, ring_id: row[0], seller_id: row[1], position: row[2], kind: row[3], family: row[4], value: row[5],
  n_holders: row[6], score: row[7], holders_n: row[8]
})
RETURN count(*) AS n
