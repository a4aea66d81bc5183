-- purpose: keep a plan
-- params: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
-- returns:
INSERT INTO plan (
  plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
