-- purpose: one store of a plan
-- params: plan_id, store_id
-- returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
SELECT
  plan_id, position, store_id, action, body, progress, due_at, inverse, note
FROM plan_store
WHERE plan_id = :plan_id AND store_id = :store_id
