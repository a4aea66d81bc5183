-- purpose: what was said of each of some rings, first entries first
-- params: ids
-- returns: about_id, n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
SELECT
  about.ring_id AS about_id, entry.n, entry.act, entry.ring_id, entry.seller_id, entry.listing_id,
  entry.kind, entry.value, entry.actor, entry.brand_id, entry.said, entry.text, entry.assignee, entry.answers,
  entry.made_at
FROM json_each(:ids) AS asked
JOIN case_ring AS about ON about.ring_id = asked.value
JOIN casework AS entry ON entry.n = about.n
ORDER BY about_id, entry.n
