// purpose: exemptions in force at a moment
// params: at
// returns: kind, value, reason, owner, note, made_at, expires_at
MATCH (x:Exemption)
WHERE (x.lifted_at IS NULL OR x.lifted_at > $at) AND (x.expires_at IS NULL OR x.expires_at > $at)
RETURN x.kind AS kind, x.value AS value, x.reason AS reason, x.owner AS owner, x.note AS note, x.made_at AS made_at,
  x.expires_at AS expires_at
ORDER BY kind, value
