// purpose: all plans, first ones first
// params:
// returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
MATCH (x:Plan)
RETURN
  x.plan_id AS plan_id, x.digest AS digest, x.header AS header, x.proposed_by AS proposed_by,
  x.proposed_at AS proposed_at, x.state AS state, x.approvals AS approvals, x.expires_at AS expires_at,
  x.begun_at AS begun_at, x.note AS note
ORDER BY toInteger(substring(plan_id, 2))
