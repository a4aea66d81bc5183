// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: notice_id, brand_id, listing_n, store_n, kind, outcome, extra, filed_at, decided_at, given, load_n, first_load_n
MATCH (x:Notice)-[:FILED_BY]->(brand:Brand)
OPTIONAL MATCH (x)-[:AGAINST]->(listing:Listing)
OPTIONAL MATCH (x)-[:AGAINST]->(store:Store)
RETURN
  x.notice_id, brand.brand_id, listing.n, store.n, x.kind, x.outcome, x.extra, x.filed_at, x.decided_at,
  x.given, x.load_n, x.first_load_n;

UNWIND $rows AS row
MATCH (brand:Brand {brand_id: row[1]})
USING INDEX SEEK brand:Brand(brand_id)
OPTIONAL MATCH (listing:Listing {n: row[2]})
USING INDEX SEEK listing:Listing(n)
OPTIONAL MATCH (store:Holder {n: row[3]})
USING INDEX SEEK store:Holder(n)
CREATE (x:Notice {
  notice_id: row[0], kind: row[4], outcome: row[5], extra: row[6], filed_at: row[7], decided_at: row[8],
  given: row[9], load_n: row[10], first_load_n: row[11]
})
CREATE (x)-[:FILED_BY]->(brand)
FOREACH (_ IN CASE WHEN listing IS NULL THEN [] ELSE [1] END | CREATE (x)-[:AGAINST]->(listing))
FOREACH (_ IN CASE WHEN store IS NULL THEN [] ELSE [1] END | CREATE (x)-[:AGAINST]->(store))
RETURN count(*) AS n
