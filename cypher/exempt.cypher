// purpose: make an exemption, or renew the one in force
// params: kind, value, display, reason, owner, note, expires_at, made_at
// returns:
MERGE (x:Exemption {in_force: $kind + '\n' + $value})
ON CREATE SET x.kind = $kind, x.value = $value, x.given = 0
SET x.display = $display, x.reason = $reason, x.owner = $owner, x.note = $note, x.expires_at = $expires_at,
  x.made_at = $made_at, x.load_n = null
RETURN count(*) AS n
