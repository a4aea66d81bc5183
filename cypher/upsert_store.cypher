// purpose: make or update a store; how rows merge: schema/001_graph.cypher
// params: n, seller_n, name, marketplace, url, status, extra, opened_at, closed_at, given, load_n, first_load_n
// returns:
// key: n
UNWIND $rows AS row
MATCH (x:Holder {n: row[0]})
USING INDEX SEEK x:Holder(n)
MATCH (owner:Seller:Holder {n: row[1]})
USING INDEX SEEK owner:Holder(n)
WITH *, coalesce(x.load_n = row[10], false) AS same
OPTIONAL MATCH (former:Seller)-[old:OPERATES]->(x)
WITH *, coalesce(former = owner OR same AND former.id > owner.id, false) AS stays
FOREACH (_ IN CASE WHEN old IS NULL OR stays THEN [] ELSE [1] END | DELETE old)
FOREACH (_ IN CASE WHEN stays THEN [] ELSE [1] END | CREATE (owner)-[:OPERATES]->(x))
SET x.name = CASE WHEN same AND x.given / 1 % 2 = 1 AND x.name > row[2] THEN x.name ELSE coalesce(row[2], x.name) END,
  x.marketplace = CASE WHEN same AND x.given / 2 % 2 = 1 AND x.marketplace > row[3] THEN x.marketplace ELSE coalesce(row[3], x.marketplace) END,
  x.url = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.url > row[4] THEN x.url ELSE coalesce(row[4], x.url) END,
  x.status = CASE WHEN same AND x.given / 8 % 2 = 1 AND x.status > row[5] THEN x.status ELSE coalesce(row[5], x.status) END,
  x.extra = CASE WHEN same AND x.given / 16 % 2 = 1 AND x.extra > row[6] THEN x.extra ELSE coalesce(row[6], x.extra) END,
  x.opened_at = CASE WHEN same AND x.given / 32 % 2 = 1 AND x.opened_at > row[7] THEN x.opened_at ELSE coalesce(row[7], x.opened_at) END,
  x.closed_at = CASE WHEN same AND x.given / 64 % 2 = 1 AND x.closed_at > row[8] THEN x.closed_at ELSE coalesce(row[8], x.closed_at) END,
  x:Store,
  x.valid_to = null,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4, 8, 16, 32, 64] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[9] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[9] END,
  x.load_n = row[10],
  x.first_load_n = coalesce(x.first_load_n, row[11])
RETURN count(*) AS n
