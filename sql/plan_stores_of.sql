-- purpose: the first stores of each plan of a JSON array of ids, in order; positions count from 0 without a gap
-- params: ids, n
-- returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
SELECT
  plan_id, position, store_id, action, body, progress, due_at, inverse, note
FROM plan_store
WHERE plan_id IN (SELECT value FROM json_each(:ids)) AND position < :n
ORDER BY plan_id, position
