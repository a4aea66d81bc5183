// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: notice_id, step, state, actor, reason, at, due_at
MATCH (x:FilingStep)
RETURN
  x.notice_id, x.step, x.state, x.actor, x.reason, x.at, x.due_at;

UNWIND $rows AS row
CREATE (:FilingStep {
  notice_id: row[0], step: row[1], state: row[2], actor: row[3], reason: row[4], at: row[5], due_at: row[6]
})
RETURN count(*) AS n
