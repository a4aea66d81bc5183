// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at
MATCH (x:Actor)
RETURN
  x.name, x.role, x.brand_id, x.key_digest, x.key_prefix, x.added_by, x.added_at, x.expires_at, x.revoked_at;

UNWIND $rows AS row
CREATE (:Actor {
  name: row[0], role: row[1], brand_id: row[2], key_digest: row[3], key_prefix: row[4], added_by: row[5],
  added_at: row[6], expires_at: row[7], revoked_at: row[8]
})
RETURN count(*) AS n
