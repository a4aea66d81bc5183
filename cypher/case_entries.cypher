// purpose: what was said of each of some rings, first entries first
// params: ids
// returns: about_id, n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
UNWIND $ids AS id
MATCH (about:CaseRing {ring_id: id})
MATCH (entry:CaseEntry {n: about.n})
RETURN
  about.ring_id AS about_id, entry.n AS n, entry.act AS act, entry.ring_id AS ring_id,
  entry.seller_id AS seller_id, entry.listing_id AS listing_id, entry.kind AS kind, entry.value AS value,
  entry.actor AS actor, entry.brand_id AS brand_id, entry.said AS said, entry.text AS text,
  entry.assignee AS assignee, entry.answers AS answers, entry.made_at AS made_at
ORDER BY about_id, n
