-- purpose: rings in one of five orders, after a key of (k1, k2, ring_id)
-- params: order, tiers, min_sellers, only_ids, except_ids, k1, k2, ring_id, n
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
    AND (:only_ids IS NULL OR ring_id IN (SELECT value FROM json_each(:only_ids)))
    AND (:except_ids IS NULL OR ring_id NOT IN (SELECT value FROM json_each(:except_ids)))
)
WHERE :ring_id IS NULL OR (k1, k2, ring_id) > (:k1, :k2, :ring_id)
ORDER BY k1, k2, ring_id
LIMIT :n
