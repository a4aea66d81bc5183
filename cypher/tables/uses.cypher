// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: value_n, holder_n, source_n, valid_to, first_seen_at, last_seen_at, purpose_n, provenance, extra, given, load_n, first_load_n
// slices: value
MATCH (value:Value)
WHERE value.n >= $low AND value.n < $high
MATCH (value)<-[x:USES]-(holder:Holder)
RETURN collect([
  value.n, holder.n, x.source_n, x.valid_to, x.first_seen_at, x.last_seen_at, x.purpose_n, x.provenance,
  x.extra, x.given, x.load_n, x.first_load_n
]) AS rows;

UNWIND $rows AS row
MATCH (value:Value {n: row[0]})
USING INDEX SEEK value:Value(n)
MATCH (holder:Holder {n: row[1]})
USING INDEX SEEK holder:Holder(n)
CREATE (holder)-[:USES {
  source_n: row[2], valid_to: row[3], first_seen_at: row[4], last_seen_at: row[5], purpose_n: row[6],
  provenance: row[7], extra: row[8], given: row[9], load_n: row[10], first_load_n: row[11]
}]->(value)
RETURN count(*) AS n
