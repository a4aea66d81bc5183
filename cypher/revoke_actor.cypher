// purpose: take the key of an actor back
// params: name, at
// returns:
MATCH (x:Actor {name: $name})
WHERE x.revoked_at IS NULL
SET x.revoked_at = $at
RETURN count(*) AS n
