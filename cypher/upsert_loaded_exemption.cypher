// purpose: make or update an exemption that a source gives; one that a person lifted stays lifted
// params: kind, value, display, reason, owner, note, extra, expires_at, given, load_n, made_at, kind, value
// returns:
// key: kind, value
UNWIND $rows AS row
OPTIONAL MATCH (lifted:Exemption {kind: row[0], value: row[1]})
WHERE lifted.lifted_at IS NOT NULL
WITH row, count(lifted) AS n_lifted
FOREACH (_ IN CASE WHEN n_lifted = 0 THEN [1] ELSE [] END |
  MERGE (x:Exemption {in_force: row[0] + '\n' + row[1]})
  ON CREATE SET x.kind = row[0], x.value = row[1], x.display = row[2], x.reason = row[3], x.owner = row[4], x.note = row[5],
    x.extra = row[6], x.expires_at = row[7], x.given = row[8], x.load_n = row[9], x.made_at = row[10]
  ON MATCH SET
    x.display = CASE WHEN x.load_n = row[9] AND x.display > row[2] THEN x.display ELSE row[2] END,
    x.reason = CASE WHEN x.load_n = row[9] AND x.reason > row[3] THEN x.reason ELSE row[3] END,
    x.owner = CASE WHEN x.load_n = row[9] AND x.given % 2 = 1 AND x.owner > row[4] THEN x.owner ELSE coalesce(row[4], x.owner) END,
    x.note = CASE WHEN x.load_n = row[9] AND x.given / 2 % 2 = 1 AND x.note > row[5] THEN x.note ELSE coalesce(row[5], x.note) END,
    x.extra = CASE WHEN x.load_n = row[9] AND x.given / 4 % 2 = 1 AND x.extra > row[6] THEN x.extra ELSE coalesce(row[6], x.extra) END,
    x.expires_at = CASE WHEN x.load_n = row[9] AND x.given / 8 % 2 = 1 AND x.expires_at > row[7] THEN x.expires_at ELSE coalesce(row[7], x.expires_at) END,
    x.given = CASE WHEN x.load_n = row[9]
      THEN reduce(bits = 0, bit IN [1, 2, 4, 8] |
        bits + bit * CASE WHEN x.given / bit % 2 = 1 OR row[8] / bit % 2 = 1 THEN 1 ELSE 0 END)
      ELSE row[8] END,
    x.load_n = row[9]
)
RETURN count(*) AS n
