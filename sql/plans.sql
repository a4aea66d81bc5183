-- purpose: all plans, first ones first
-- params:
-- returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
SELECT
  plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
FROM plan
ORDER BY CAST(substr(plan_id, 3) AS INTEGER)
