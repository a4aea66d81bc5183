// purpose: what became of filed notices of a JSON array of ids, step by step
// params: ids
// returns: notice_id, step, state, actor, reason, at, due_at
UNWIND $ids AS id
MATCH (x:FilingStep {notice_id: id})
RETURN x.notice_id AS notice_id, x.step AS step, x.state AS state, x.actor AS actor, x.reason AS reason, x.at AS at,
  x.due_at AS due_at
ORDER BY notice_id, step
