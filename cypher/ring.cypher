// purpose: one ring of the current run
// params: ring_id
// returns: ring_id, tier_rank, n_sellers, link_score, infringement_score
MATCH (ring:Ring {run_n: $run_n, ring_id: $ring_id})
RETURN ring.ring_id AS ring_id, ring.tier_rank AS tier_rank, ring.n_sellers AS n_sellers, ring.link_score AS link_score,
  ring.infringement_score AS infringement_score
