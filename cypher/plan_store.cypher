// purpose: one store of a plan; where it is in it twice, as what is undone is of several plans, what acts comes first
// params: plan_id, store_id
// returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
// A condition on the position too, or the index of plan and position is not used.
MATCH (x:PlanStore)
WHERE x.plan_id = $plan_id AND x.position >= 0 AND x.store_id = $store_id
RETURN
  x.plan_id AS plan_id, x.position AS position, x.store_id AS store_id, x.action AS action, x.body AS body,
  x.progress AS progress, x.due_at AS due_at, x.inverse AS inverse, x.note AS note
ORDER BY action = 'spare', position
