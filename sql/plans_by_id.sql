-- purpose: plans by the ids of a JSON array
-- params: ids
-- returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
SELECT
  plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
FROM plan
WHERE plan_id IN (SELECT value FROM json_each(:ids))
