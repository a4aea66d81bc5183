// purpose: keep a plan
// params: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
// returns:
// key:
UNWIND $rows AS row
CREATE (:Plan {
  plan_id: row[0], digest: row[1], header: row[2], proposed_by: row[3], proposed_at: row[4], state: row[5],
  approvals: row[6], expires_at: row[7], begun_at: row[8], note: row[9]
})
RETURN count(*) AS n
