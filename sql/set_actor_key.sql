-- purpose: give an actor another key
-- params: name, key_digest, key_prefix, expires_at
-- returns:
UPDATE actor SET key_digest = :key_digest, key_prefix = :key_prefix, expires_at = :expires_at, revoked_at = NULL
WHERE name = :name
