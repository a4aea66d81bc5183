// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
MATCH (x:Plan)
RETURN
  x.plan_id, x.digest, x.header, x.proposed_by, x.proposed_at, x.state, x.approvals, x.expires_at, x.begun_at,
  x.note;

UNWIND $rows AS row
CREATE (:Plan {
  plan_id: row[0], digest: row[1], header: row[2], proposed_by: row[3], proposed_at: row[4], state: row[5],
  approvals: row[6], expires_at: row[7], begun_at: row[8], note: row[9]
})
RETURN count(*) AS n
