// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: plan_id, position, store_id, action, body, progress, due_at, inverse, note
MATCH (x:PlanStore)
RETURN
  x.plan_id, x.position, x.store_id, x.action, x.body, x.progress, x.due_at, x.inverse, x.note;

UNWIND $rows AS row
CREATE (:PlanStore {
  plan_id: row[0], position: row[1], store_id: row[2], action: row[3], body: row[4], progress: row[5],
  due_at: row[6], inverse: row[7], note: row[8]
})
RETURN count(*) AS n
