// purpose: make or update a notice; how rows merge: schema/001_graph.cypher
// params: notice_id, brand_id, listing_n, store_n, kind, outcome, extra, filed_at, decided_at, given, load_n, first_load_n
// returns:
// key: notice_id
UNWIND $rows AS row
MERGE (x:Notice {notice_id: row[0]})
WITH row, x, coalesce(x.load_n = row[10], false) AS same
MATCH (brand:Brand {brand_id: row[1]})
USING INDEX SEEK brand:Brand(brand_id)
OPTIONAL MATCH (x)-[old:FILED_BY]->(former:Brand)
WITH *, coalesce(former = brand OR same AND former.brand_id > brand.brand_id, false) AS stays
FOREACH (_ IN CASE WHEN old IS NULL OR stays THEN [] ELSE [1] END | DELETE old)
FOREACH (_ IN CASE WHEN stays THEN [] ELSE [1] END | CREATE (x)-[:FILED_BY]->(brand))
WITH row, x, same
OPTIONAL MATCH (listing:Listing {n: row[2]})
USING INDEX SEEK listing:Listing(n)
OPTIONAL MATCH (x)-[old:AGAINST]->(former:Listing)
WITH *, listing IS NULL
  OR coalesce(former = listing OR same AND x.given % 2 = 1 AND former.listing_id > listing.listing_id, false) AS stays
FOREACH (_ IN CASE WHEN old IS NULL OR stays THEN [] ELSE [1] END | DELETE old)
FOREACH (_ IN CASE WHEN stays THEN [] ELSE [1] END | CREATE (x)-[:AGAINST]->(listing))
WITH row, x, same
OPTIONAL MATCH (store:Holder {n: row[3]})
USING INDEX SEEK store:Holder(n)
OPTIONAL MATCH (x)-[old:AGAINST]->(former:Store)
WITH *, store IS NULL
  OR coalesce(former = store OR same AND x.given / 2 % 2 = 1 AND former.id > store.id, false) AS stays
FOREACH (_ IN CASE WHEN old IS NULL OR stays THEN [] ELSE [1] END | DELETE old)
FOREACH (_ IN CASE WHEN stays THEN [] ELSE [1] END | CREATE (x)-[:AGAINST]->(store))
SET x.kind = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.kind > row[4] THEN x.kind ELSE coalesce(row[4], x.kind) END,
  x.outcome = CASE WHEN same AND x.given / 8 % 2 = 1 AND x.outcome > row[5] THEN x.outcome ELSE coalesce(row[5], x.outcome) END,
  x.extra = CASE WHEN same AND x.given / 16 % 2 = 1 AND x.extra > row[6] THEN x.extra ELSE coalesce(row[6], x.extra) END,
  x.filed_at = CASE WHEN same AND x.given / 32 % 2 = 1 AND x.filed_at > row[7] THEN x.filed_at ELSE coalesce(row[7], x.filed_at) END,
  x.decided_at = CASE WHEN same AND x.given / 64 % 2 = 1 AND x.decided_at > row[8] THEN x.decided_at ELSE coalesce(row[8], x.decided_at) END,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4, 8, 16, 32, 64] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[9] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[9] END,
  x.load_n = row[10],
  x.first_load_n = coalesce(x.first_load_n, row[11])
RETURN count(*) AS n
