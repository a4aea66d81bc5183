// purpose: make or update a listing; how rows merge: schema/001_graph.cypher
// params: n, listing_id, store_n, title, brand, currency, url, image_url, image_hash, status, extra, listed_at, removed_at, first_sold_at, price, given, load_n, first_load_n
// returns:
// key: n
UNWIND $rows AS row
MERGE (x:Listing {n: row[0]})
ON CREATE SET x.listing_id = row[1]
WITH row, x
MATCH (owner:Store:Holder {n: row[2]})
USING INDEX SEEK owner:Holder(n)
WITH *, coalesce(x.load_n = row[16], false) AS same
OPTIONAL MATCH (former:Store)-[old:LISTS]->(x)
WITH *, coalesce(former = owner OR same AND former.id > owner.id, false) AS stays
FOREACH (_ IN CASE WHEN old IS NULL OR stays THEN [] ELSE [1] END | DELETE old)
FOREACH (_ IN CASE WHEN stays THEN [] ELSE [1] END | CREATE (owner)-[:LISTS]->(x))
SET x.title = CASE WHEN same AND x.given / 1 % 2 = 1 AND x.title > row[3] THEN x.title ELSE coalesce(row[3], x.title) END,
  x.brand = CASE WHEN same AND x.given / 2 % 2 = 1 AND x.brand > row[4] THEN x.brand ELSE coalesce(row[4], x.brand) END,
  x.currency = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.currency > row[5] THEN x.currency ELSE coalesce(row[5], x.currency) END,
  x.url = CASE WHEN same AND x.given / 8 % 2 = 1 AND x.url > row[6] THEN x.url ELSE coalesce(row[6], x.url) END,
  x.image_url = CASE WHEN same AND x.given / 16 % 2 = 1 AND x.image_url > row[7] THEN x.image_url ELSE coalesce(row[7], x.image_url) END,
  x.image_hash = CASE WHEN same AND x.given / 32 % 2 = 1 AND x.image_hash > row[8] THEN x.image_hash ELSE coalesce(row[8], x.image_hash) END,
  x.status = CASE WHEN same AND x.given / 64 % 2 = 1 AND x.status > row[9] THEN x.status ELSE coalesce(row[9], x.status) END,
  x.extra = CASE WHEN same AND x.given / 128 % 2 = 1 AND x.extra > row[10] THEN x.extra ELSE coalesce(row[10], x.extra) END,
  x.listed_at = CASE WHEN same AND x.given / 256 % 2 = 1 AND x.listed_at > row[11] THEN x.listed_at ELSE coalesce(row[11], x.listed_at) END,
  x.removed_at = CASE WHEN same AND x.given / 512 % 2 = 1 AND x.removed_at > row[12] THEN x.removed_at ELSE coalesce(row[12], x.removed_at) END,
  x.first_sold_at = CASE WHEN same AND x.given / 1024 % 2 = 1 AND x.first_sold_at > row[13] THEN x.first_sold_at ELSE coalesce(row[13], x.first_sold_at) END,
  x.price = CASE WHEN same AND x.given / 2048 % 2 = 1 AND x.price > row[14] THEN x.price ELSE coalesce(row[14], x.price) END,
  x.valid_to = null,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[15] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[15] END,
  x.load_n = row[16],
  x.first_load_n = coalesce(x.first_load_n, row[17])
RETURN count(*) AS n
