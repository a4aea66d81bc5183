-- purpose: entries after a number about a ring, a seller or a value, first ones first
-- params: after, ring_id, seller_id, kind, value
-- returns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
SELECT
  entry.n, entry.act, entry.ring_id, entry.seller_id, entry.listing_id, entry.kind, entry.value, entry.actor,
  entry.brand_id, entry.said, entry.text, entry.assignee, entry.answers, entry.made_at
FROM casework AS entry
WHERE entry.n > :after AND (
  entry.n IN (SELECT about.n FROM case_ring AS about WHERE about.ring_id = :ring_id)
  OR (entry.seller_id = :seller_id AND entry.seller_id <> '')
  OR (entry.kind = :kind AND entry.value = :value AND entry.value <> '')
)
ORDER BY entry.n
