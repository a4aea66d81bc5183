-- purpose: say what became of a plan
-- params: plan_id, state, approvals, expires_at, begun_at, note
-- returns:
UPDATE plan
SET state = :state, approvals = :approvals, expires_at = :expires_at, begun_at = :begun_at, note = :note
WHERE plan_id = :plan_id
