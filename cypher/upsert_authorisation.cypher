// purpose: make or update an authorisation of a seller by a brand; how rows merge: schema/001_graph.cypher
// params: brand_id, seller_n, extra, valid_from, valid_until, given, load_n, first_load_n
// returns:
// key: brand_id, seller_n
UNWIND $rows AS row
MATCH (brand:Brand {brand_id: row[0]})
USING INDEX SEEK brand:Brand(brand_id)
MATCH (seller:Holder {n: row[1]})
USING INDEX SEEK seller:Holder(n)
MERGE (brand)-[x:AUTHORISES]->(seller)
WITH *, coalesce(x.load_n = row[6], false) AS same
SET x.extra = CASE WHEN same AND x.given / 1 % 2 = 1 AND x.extra > row[2] THEN x.extra ELSE coalesce(row[2], x.extra) END,
  x.valid_from = CASE WHEN same AND x.given / 2 % 2 = 1 AND x.valid_from > row[3] THEN x.valid_from ELSE coalesce(row[3], x.valid_from) END,
  x.valid_until = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.valid_until > row[4] THEN x.valid_until ELSE coalesce(row[4], x.valid_until) END,
  x.valid_to = null,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[5] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[5] END,
  x.load_n = row[6],
  x.first_load_n = coalesce(x.first_load_n, row[7])
RETURN count(*) AS n
