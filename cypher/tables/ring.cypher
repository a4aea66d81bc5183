// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, tier_rank, n_sellers, link_score, infringement_score
MATCH (x:Ring {run_n: $run_n})
WHERE x.ring_id IS NOT NULL
RETURN
  x.ring_id, x.tier_rank, x.n_sellers, x.link_score, x.infringement_score;

UNWIND $rows AS row
CREATE (:Ring {
  run_n: 1, ring_id: row[0], tier_rank: row[1], n_sellers: row[2], link_score: row[3],
  infringement_score: row[4]
})
RETURN count(*) AS n
