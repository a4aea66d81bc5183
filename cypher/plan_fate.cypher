// purpose: where a plan stands and who consented to it, without what was proposed
// params: plan_id
// returns: state, proposed_by, approvals
MATCH (x:Plan {plan_id: $plan_id})
RETURN x.state AS state, x.proposed_by AS proposed_by, x.approvals AS approvals
