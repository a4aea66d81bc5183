// purpose: make uses of values that nobody used before
// params: value_n, holder_n, source_n, purpose_n, provenance, extra, first_seen_at, last_seen_at, given, load_n, first_load_n
// returns:
// key: value_n, holder_n, source_n
// group: value_n
UNWIND $rows AS held
MATCH (value:Value {n: held[0]})
USING INDEX SEEK value:Value(n)
UNWIND held[1] AS row
MATCH (holder:Holder {n: row[1]})
USING INDEX SEEK holder:Holder(n)
CREATE (holder)-[:USES {
  source_n: row[2], purpose_n: row[3], provenance: row[4], extra: row[5], first_seen_at: row[6], last_seen_at: row[7],
  given: row[8], load_n: row[9], first_load_n: row[10]
}]->(value)
RETURN count(*) AS n
