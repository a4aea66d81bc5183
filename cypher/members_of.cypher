// purpose: the first n members of each ring of a list of ids; the n-th of a ring is found by its key alone
// params: ids, n
// returns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
UNWIND $ids AS id
MATCH (ring:Ring {run_n: $run_n, ring_id: id})
CALL (ring) {
  MATCH (ring)<-[m:MEMBER_OF]-(seller:Seller)
  RETURN m, seller
  ORDER BY seller.id
  LIMIT $n
}
RETURN ring.ring_id AS ring_id, seller.id AS seller_id, m.tier_rank AS tier_rank, m.role AS role, m.link_score AS link_score,
  m.log_odds AS log_odds, m.infringement_score AS infringement_score, m.is_fragile AS is_fragile, m.why_not_closer AS why_not_closer
ORDER BY ring_id, seller_id
