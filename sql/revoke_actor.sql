-- purpose: take the key of an actor back
-- params: name, at
-- returns:
UPDATE actor SET revoked_at = :at WHERE name = :name AND revoked_at IS NULL
