// purpose: all actors, also those whose key was revoked
// params:
// returns: name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
MATCH (x:Actor)
RETURN
  x.name AS name, x.role AS role, x.brand_id AS brand_id, x.key_digest AS key_digest, x.key_prefix AS key_prefix,
  x.added_by AS added_by, x.added_at AS added_at, x.expires_at AS expires_at, x.revoked_at AS revoked_at
ORDER BY name
