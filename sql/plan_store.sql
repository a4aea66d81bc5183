-- purpose: one store of a plan; where it is in it twice, as what is undone is of several plans, what acts comes first
-- params: plan_id, store_id
-- returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
SELECT
  plan_id, position, store_id, action, body, progress, due_at, inverse, note
FROM plan_store
WHERE plan_id = :plan_id AND store_id = :store_id
ORDER BY action = 'spare', position
