-- purpose: members of one ring, after a seller
-- params: ring_id, seller_id, n
-- returns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
SELECT
  ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
FROM member
WHERE ring_id = :ring_id AND seller_id > :seller_id
ORDER BY seller_id
LIMIT :n
