// purpose: what was said of a seller and of its listings, first entries first
// params: seller_id
// returns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
MATCH (x:CaseEntry {seller_id: $seller_id})
WHERE x.seller_id <> ''
RETURN
  x.n AS n, x.act AS act, x.ring_id AS ring_id, x.seller_id AS seller_id, x.listing_id AS listing_id, x.kind AS kind,
  x.value AS value, x.actor AS actor, x.brand_id AS brand_id, x.said AS said, x.text AS text, x.assignee AS assignee,
  x.answers AS answers, x.made_at AS made_at
ORDER BY n
