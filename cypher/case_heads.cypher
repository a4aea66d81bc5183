// purpose: assignments, flags and answers of every ring, first ones first
// params:
// returns: about_id, n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
MATCH (entry:CaseEntry)
WHERE entry.act IN ['assign', 'flag', 'answer']
MATCH (about:CaseRing {n: entry.n})
RETURN
  about.ring_id AS about_id, entry.n AS n, entry.act AS act, entry.ring_id AS ring_id,
  entry.seller_id AS seller_id, entry.listing_id AS listing_id, entry.kind AS kind, entry.value AS value,
  entry.actor AS actor, entry.brand_id AS brand_id, entry.said AS said, entry.text AS text,
  entry.assignee AS assignee, entry.answers AS answers, entry.made_at AS made_at
ORDER BY n, about_id
