// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, seller_ids
MATCH (x:EvidenceHolders {run_n: $run_n})
WHERE x.n IS NOT NULL
RETURN
  x.n, x.seller_ids;

UNWIND $rows AS row
CREATE (:EvidenceHolders {
  run_n: 1, n: row[0], seller_ids: row[1]
})
RETURN count(*) AS n
