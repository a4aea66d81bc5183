// purpose: say what became of a store of a plan
// params: progress, due_at, inverse, note, plan_id, position
// returns:
// key: plan_id, position
UNWIND $rows AS row
MATCH (x:PlanStore {plan_id: row[4], position: row[5]})
SET x.progress = row[0], x.due_at = row[1], x.inverse = row[2], x.note = row[3]
RETURN count(*) AS n
