-- purpose: rings of a JSON array of ids
-- params: ids
-- returns: ring_id, tier_rank, n_sellers, link_score, infringement_score
SELECT ring.ring_id, ring.tier_rank, ring.n_sellers, ring.link_score, ring.infringement_score
FROM json_each(:ids) AS id
JOIN ring ON ring.ring_id = id.value
ORDER BY ring.ring_id
