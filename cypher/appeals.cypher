// purpose: all appeals, first ones first
// params:
// returns: n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
MATCH (x:Appeal)
RETURN
  x.n AS n, x.store_id AS store_id, x.plan_id AS plan_id, x.text AS text, x.opened_by AS opened_by,
  x.opened_at AS opened_at, x.state AS state, x.decided_by AS decided_by, x.decided_at AS decided_at,
  x.reason AS reason
ORDER BY n
