// purpose: make or update a brand; how rows merge: schema/001_graph.cypher
// params: brand_id, name, aliases, extra, member_since, given, load_n, first_load_n
// returns:
// key: brand_id
UNWIND $rows AS row
MERGE (x:Brand {brand_id: row[0]})
WITH *, coalesce(x.load_n = row[6], false) AS same
SET x.aliases = CASE WHEN same AND x.given / 1 % 2 = 1 AND x.aliases > row[2] THEN x.aliases ELSE coalesce(row[2], x.aliases) END,
  x.extra = CASE WHEN same AND x.given / 2 % 2 = 1 AND x.extra > row[3] THEN x.extra ELSE coalesce(row[3], x.extra) END,
  x.member_since = CASE WHEN same AND x.given / 4 % 2 = 1 AND x.member_since > row[4] THEN x.member_since ELSE coalesce(row[4], x.member_since) END,
  x.name = CASE WHEN same AND x.name > row[1] THEN x.name ELSE row[1] END,
  x.given = CASE WHEN same
    THEN reduce(bits = 0, bit IN [1, 2, 4] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[5] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[5] END,
  x.load_n = row[6],
  x.first_load_n = coalesce(x.first_load_n, row[7])
RETURN count(*) AS n
