-- purpose: all actors, also those whose key was revoked
-- params:
-- returns: name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
SELECT
  name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
FROM actor
ORDER BY name
