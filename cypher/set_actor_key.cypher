// purpose: give an actor another key
// params: name, key_digest, key_prefix, expires_at
// returns:
MATCH (x:Actor {name: $name})
SET x.key_digest = $key_digest, x.key_prefix = $key_prefix, x.expires_at = $expires_at, x.revoked_at = null
RETURN count(*) AS n
