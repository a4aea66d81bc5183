// purpose: make an actor known
// params: name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
// returns:
// key:
UNWIND $rows AS row
CREATE (:Actor {
  name: row[0], role: row[1], brand_id: row[2], key_digest: row[3], key_prefix: row[4], added_by: row[5],
  added_at: row[6], expires_at: row[7], revoked_at: row[8]
})
RETURN count(*) AS n
