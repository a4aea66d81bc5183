// purpose: plans after a number, of a state or of all, first ones first
// params: after, state, n
// returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
MATCH (x:Plan)
WHERE toInteger(substring(x.plan_id, 2)) > $after AND ($state IS NULL OR x.state = $state)
RETURN
  x.plan_id AS plan_id, x.digest AS digest, x.header AS header, x.proposed_by AS proposed_by,
  x.proposed_at AS proposed_at, x.state AS state, x.approvals AS approvals, x.expires_at AS expires_at,
  x.begun_at AS begun_at, x.note AS note
ORDER BY toInteger(substring(plan_id, 2))
LIMIT $n
