-- purpose: plans after a number, of a state or of all, first ones first
-- params: after, state, n
-- returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
SELECT
  plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
FROM plan
WHERE CAST(substr(plan_id, 3) AS INTEGER) > :after AND (:state IS NULL OR state = :state)
ORDER BY CAST(substr(plan_id, 3) AS INTEGER)
LIMIT :n
