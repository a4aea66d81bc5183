-- purpose: where a plan stands and who consented to it, without what was proposed
-- params: plan_id
-- returns: state, proposed_by, approvals
SELECT state, proposed_by, approvals FROM plan WHERE plan_id = :plan_id
