-- purpose: every membership of the current run
-- params:
-- returns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
SELECT
  ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
FROM member
ORDER BY ring_id, seller_id
