// purpose: make or update a seller; how rows merge: schema/001_graph.cypher
// params: n, name, legal_name, country, status, extra, registered_at, given, load_n, first_load_n
// returns:
// key: n
UNWIND $rows AS row
MATCH (x:Holder {n: row[0]})
USING INDEX SEEK x:Holder(n)
WITH *, coalesce(x.load_n = row[8], false) AS same
SET x.name = CASE WHEN same AND x.given / 1 % 2 = 1 AND x.name > row[1] THEN x.name ELSE coalesce(row[1], x.name) END,
  x.legal_name = CASE WHEN same AND x.given / 2 % 2 = 1 AND x.legal_name > row[2] THEN x.legal_name ELSE coalesce(row[2], x.legal_name) END,
  x.country = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.country > row[3] THEN x.country ELSE coalesce(row[3], x.country) END,
  x.status = CASE WHEN same AND x.given / 8 % 2 = 1 AND x.status > row[4] THEN x.status ELSE coalesce(row[4], x.status) END,
  x.extra = CASE WHEN same AND x.given / 16 % 2 = 1 AND x.extra > row[5] THEN x.extra ELSE coalesce(row[5], x.extra) END,
  x.registered_at = CASE WHEN same AND x.given / 32 % 2 = 1 AND x.registered_at > row[6] THEN x.registered_at ELSE coalesce(row[6], x.registered_at) END,
  x:Seller,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4, 8, 16, 32] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[7] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[7] END,
  x.load_n = row[8],
  x.first_load_n = coalesce(x.first_load_n, row[9])
RETURN count(*) AS n
