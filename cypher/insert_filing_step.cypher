// purpose: keep what became of a notice
// params: notice_id, step, state, actor, reason, at, due_at
// returns:
// key:
UNWIND $rows AS row
CREATE (:FilingStep {
  notice_id: row[0], step: row[1], state: row[2], actor: row[3], reason: row[4], at: row[5], due_at: row[6]
})
RETURN count(*) AS n
