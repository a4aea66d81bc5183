// purpose: say what became of a plan
// params: plan_id, state, approvals, expires_at, begun_at, note
// returns:
MATCH (x:Plan {plan_id: $plan_id})
SET x.state = $state, x.approvals = $approvals, x.expires_at = $expires_at, x.begun_at = $begun_at, x.note = $note
RETURN count(*) AS n
