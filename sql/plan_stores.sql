-- purpose: stores of a plan after a position, in order
-- params: plan_id, after, n
-- returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
SELECT
  plan_id, position, store_id, action, body, progress, due_at, inverse, note
FROM plan_store
WHERE plan_id = :plan_id AND position > :after
ORDER BY position
LIMIT :n
