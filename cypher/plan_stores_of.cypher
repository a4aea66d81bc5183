// purpose: the first stores of each plan of a JSON array of ids, in order; positions count from 0 without a gap
// params: ids, n
// returns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
UNWIND $ids AS id
MATCH (x:PlanStore {plan_id: id})
WHERE x.position < $n
RETURN
  x.plan_id AS plan_id, x.position AS position, x.store_id AS store_id, x.action AS action, x.body AS body,
  x.progress AS progress, x.due_at AS due_at, x.inverse AS inverse, x.note AS note
ORDER BY plan_id, position
