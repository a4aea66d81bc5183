// purpose: make values that are new, each with the first use of it
// params: value_n, kind_n, kind, text, display, holder_n, source_n, purpose_n, provenance, extra, first_seen_at, last_seen_at, given, load_n, first_load_n
// returns:
// key:
// group: holder_n
UNWIND $rows AS held
MATCH (holder:Holder {n: held[0]})
USING INDEX SEEK holder:Holder(n)
UNWIND held[1] AS row
CREATE (holder)-[:USES {
  source_n: row[6], purpose_n: row[7], provenance: row[8], extra: row[9], first_seen_at: row[10], last_seen_at: row[11],
  given: row[12], load_n: row[13], first_load_n: row[14]
}]->(:Value {n: row[0], kind_n: row[1], kind: row[2], text: row[3], display: row[4]})
RETURN count(*) AS n
