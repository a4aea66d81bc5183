-- purpose: one plan
-- params: plan_id
-- returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
SELECT
  plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
FROM plan
WHERE plan_id = :plan_id
ORDER BY plan_id
