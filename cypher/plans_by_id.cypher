// purpose: plans by the ids of a JSON array
// params: ids
// returns: plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note
UNWIND $ids AS id
MATCH (x:Plan {plan_id: id})
RETURN
  x.plan_id AS plan_id, x.digest AS digest, x.header AS header, x.proposed_by AS proposed_by,
  x.proposed_at AS proposed_at, x.state AS state, x.approvals AS approvals, x.expires_at AS expires_at,
  x.begun_at AS begun_at, x.note AS note
