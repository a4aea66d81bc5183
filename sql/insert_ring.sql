-- purpose: keep a ring
-- params: ring_id, tier_rank, n_sellers, link_score, infringement_score
-- returns:
INSERT INTO ring (ring_id, tier_rank, n_sellers, link_score, infringement_score) VALUES (?, ?, ?, ?, ?)
