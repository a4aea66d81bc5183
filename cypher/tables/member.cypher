// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
MATCH (ring:Ring {run_n: $run_n})
WHERE ring.ring_id IS NOT NULL
MATCH (ring)<-[x:MEMBER_OF]-(seller:Seller)
RETURN
  ring.ring_id, seller.id, x.tier_rank, x.role, x.link_score, x.log_odds, x.infringement_score, x.is_fragile,
  x.why_not_closer;

UNWIND $rows AS row
MATCH (ring:Ring {run_n: 1, ring_id: row[0]})
MATCH (seller:Holder {id: row[1]})
USING INDEX SEEK seller:Holder(id)
CREATE (seller)-[:MEMBER_OF {
  tier_rank: row[2], role: row[3], link_score: row[4], log_odds: row[5], infringement_score: row[6],
  is_fragile: row[7], why_not_closer: row[8]
}]->(ring)
RETURN count(*) AS n
