// purpose: entries after a number about a ring, a seller or a value, first ones first
// params: after, ring_id, seller_id, kind, value
// returns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
MATCH (x:CaseEntry)
WHERE x.n > $after AND (
  EXISTS { MATCH (:CaseRing {ring_id: $ring_id, n: x.n}) }
  OR (x.seller_id = $seller_id AND x.seller_id <> '')
  OR (x.kind = $kind AND x.value = $value AND x.value <> '')
)
RETURN
  x.n AS n, x.act AS act, x.ring_id AS ring_id, x.seller_id AS seller_id, x.listing_id AS listing_id, x.kind AS kind,
  x.value AS value, x.actor AS actor, x.brand_id AS brand_id, x.said AS said, x.text AS text, x.assignee AS assignee,
  x.answers AS answers, x.made_at AS made_at
ORDER BY n
