-- purpose: one ring of the current run
-- params: ring_id
-- returns: ring_id, tier_rank, n_sellers, link_score, infringement_score
SELECT ring_id, tier_rank, n_sellers, link_score, infringement_score
FROM ring
WHERE ring_id = :ring_id
