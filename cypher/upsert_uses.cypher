// purpose: make or update a use of a value by a holder; how rows merge: schema/001_graph.cypher
// params: value_n, holder_n, source_n, purpose_n, provenance, extra, first_seen_at, last_seen_at, given, load_n, first_load_n
// returns:
// key: value_n, holder_n, source_n
UNWIND $rows AS row
MATCH (value:Value {n: row[0]})
USING INDEX SEEK value:Value(n)
MATCH (holder:Holder {n: row[1]})
USING INDEX SEEK holder:Holder(n)
MERGE (holder)-[x:USES {source_n: row[2]}]->(value)
ON CREATE SET x.purpose_n = row[3], x.provenance = row[4], x.extra = row[5], x.first_seen_at = row[6],
  x.last_seen_at = row[7], x.given = row[8], x.load_n = row[9], x.first_load_n = row[10]
ON MATCH SET
  x.purpose_n = CASE
    WHEN x.load_n = row[9] AND x.given % 2 = 1 AND $purposes[x.purpose_n] > $purposes[row[3]]
    THEN x.purpose_n ELSE coalesce(row[3], x.purpose_n) END,
  x.provenance = CASE WHEN x.load_n = row[9] AND x.given / 2 % 2 = 1 AND x.provenance > row[4] THEN x.provenance ELSE coalesce(row[4], x.provenance) END,
  x.extra = CASE WHEN x.load_n = row[9] AND x.given / 4 % 2 = 1 AND x.extra > row[5] THEN x.extra ELSE coalesce(row[5], x.extra) END,
  x.first_seen_at = CASE WHEN x.first_seen_at <= row[6] THEN x.first_seen_at ELSE coalesce(row[6], x.first_seen_at) END,
  x.last_seen_at = CASE WHEN x.last_seen_at >= row[7] THEN x.last_seen_at ELSE coalesce(row[7], x.last_seen_at) END,
  x.given = CASE WHEN x.load_n = row[9]
    THEN reduce(bits = 0, bit IN [1, 2, 4] |
      bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[8] / bit % 2 = 1 THEN 1 ELSE 0 END)
    ELSE row[8] END,
  x.load_n = row[9],
  x.valid_to = null
RETURN count(*) AS n
