-- purpose: keep a membership
-- params: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
-- returns:
INSERT INTO member (
  ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
