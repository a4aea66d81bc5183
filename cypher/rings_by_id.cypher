// purpose: rings of a list of ids
// params: ids
// returns: ring_id, tier_rank, n_sellers, link_score, infringement_score
UNWIND $ids AS id
MATCH (ring:Ring {run_n: $run_n, ring_id: id})
RETURN ring.ring_id AS ring_id, ring.tier_rank AS tier_rank, ring.n_sellers AS n_sellers, ring.link_score AS link_score,
  ring.infringement_score AS infringement_score
ORDER BY ring_id
