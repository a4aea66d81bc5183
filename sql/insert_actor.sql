-- purpose: make an actor known
-- params: name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
-- returns:
INSERT INTO actor (
  name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
