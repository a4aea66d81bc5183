// purpose: rings in one of five orders, after a key of (k1, k2, ring_id)
// params: order, tiers, min_sellers, only_ids, except_ids, k1, k2, ring_id, n
// returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, k1, k2
MATCH (ring:Ring {run_n: $run_n})
WHERE ring.ring_id IS NOT NULL AND ring.n_sellers >= $min_sellers AND ($tiers IS NULL OR ring.tier_rank IN $tiers)
  AND ($only_ids IS NULL OR ring.ring_id IN $only_ids) AND ($except_ids IS NULL OR NOT ring.ring_id IN $except_ids)
WITH ring,
  CASE $order
    WHEN 'tier' THEN ring.tier_rank
    WHEN 'link' THEN -ring.link_score
    WHEN 'infringement' THEN -ring.infringement_score
    WHEN 'size' THEN -ring.n_sellers
    WHEN 'priority' THEN -ring.infringement_score * ring.infringement_score * ring.n_sellers
  END AS k1,
  CASE $order WHEN 'tier' THEN -ring.link_score ELSE ring.tier_rank END AS k2
WHERE $ring_id IS NULL OR k1 > $k1 OR (k1 = $k1 AND (k2 > $k2 OR (k2 = $k2 AND ring.ring_id > $ring_id)))
RETURN ring.ring_id AS ring_id, ring.tier_rank AS tier_rank, ring.n_sellers AS n_sellers, ring.link_score AS link_score,
  ring.infringement_score AS infringement_score, k1, k2
ORDER BY k1, k2, ring_id
LIMIT CASE WHEN $n < 0 THEN 9223372036854775807 ELSE $n END
