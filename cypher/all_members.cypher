// purpose: every membership of the current run
// params:
// returns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
MATCH (ring:Ring {run_n: $run_n})
WHERE ring.ring_id IS NOT NULL
MATCH (ring)<-[m:MEMBER_OF]-(seller:Seller)
WITH ring.ring_id AS ring_id, seller.id AS seller_id, m
ORDER BY ring_id, seller_id
RETURN ring_id, seller_id, m.tier_rank AS tier_rank, m.role AS role, m.link_score AS link_score,
  m.log_odds AS log_odds, m.infringement_score AS infringement_score, m.is_fragile AS is_fragile, m.why_not_closer AS why_not_closer
