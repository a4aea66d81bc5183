-- purpose: assignments, flags and answers of every ring, first ones first
-- params:
-- returns: about_id, n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
SELECT
  about.ring_id AS about_id, entry.n, entry.act, entry.ring_id, entry.seller_id, entry.listing_id,
  entry.kind, entry.value, entry.actor, entry.brand_id, entry.said, entry.text, entry.assignee, entry.answers,
  entry.made_at
FROM casework AS entry
JOIN case_ring AS about ON about.n = entry.n
WHERE entry.act IN ('assign', 'flag', 'answer')
ORDER BY entry.n, about_id
