// purpose: filed notices of a JSON array of ids and the repeats of these, with the number of their last step
// params: ids
// returns: notice_id, brand_id, state, due_at, step, duplicate_of
UNWIND $ids AS id
CALL (id) {
  MATCH (x:Filing {notice_id: id})
  RETURN x
  UNION
  MATCH (x:Filing {duplicate_of: id})
  RETURN x
}
WITH DISTINCT x
CALL (x) {
  MATCH (step:FilingStep {notice_id: x.notice_id})
  RETURN step AS last ORDER BY step.step DESC LIMIT 1
}
RETURN x.notice_id AS notice_id, x.brand_id AS brand_id, last.state AS state, last.due_at AS due_at, last.step AS step,
  x.duplicate_of AS duplicate_of
ORDER BY x.number
