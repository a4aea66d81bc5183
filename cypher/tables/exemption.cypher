// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: kind, value, display, reason, owner, note, extra, expires_at, given, load_n, made_at, lifted_at, lift_reason
MATCH (x:Exemption)
RETURN
  x.kind, x.value, x.display, x.reason, x.owner, x.note, x.extra, x.expires_at, x.given, x.load_n, x.made_at,
  x.lifted_at, x.lift_reason;

UNWIND $rows AS row
CREATE (:Exemption {
  in_force: CASE WHEN row[11] IS NULL THEN row[0] + '\n' + row[1] END, kind: row[0], value: row[1],
  display: row[2], reason: row[3], owner: row[4], note: row[5], extra: row[6], expires_at: row[7],
  given: row[8], load_n: row[9], made_at: row[10], lifted_at: row[11], lift_reason: row[12]
})
RETURN count(*) AS n
