-- purpose: rings in one of five orders, after a key of (k1, k2, ring_id)
-- params: order, tiers, min_sellers, k1, k2, ring_id, n
-- returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, k1, k2
SELECT ring_id, tier_rank, n_sellers, link_score, infringement_score, k1, k2
FROM (
  SELECT
    *,
    CASE :order
      WHEN 'tier' THEN tier_rank
      WHEN 'link' THEN -link_score
      WHEN 'infringement' THEN -infringement_score
      WHEN 'size' THEN -n_sellers
      WHEN 'priority' THEN -infringement_score * infringement_score * n_sellers
    END AS k1,
    CASE :order WHEN 'tier' THEN -link_score ELSE tier_rank END AS k2
  FROM ring
  WHERE n_sellers >= :min_sellers
    AND (:tiers IS NULL OR tier_rank IN (SELECT value FROM json_each(:tiers)))
)
WHERE :ring_id IS NULL OR (k1, k2, ring_id) > (:k1, :k2, :ring_id)
ORDER BY k1, k2, ring_id
LIMIT :n
