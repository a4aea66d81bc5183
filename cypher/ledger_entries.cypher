// purpose: entries of the ledger after a number, in order
// params: after, n
// returns: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
MATCH (x:LedgerEntry)
WHERE x.n > $after
RETURN
  x.n AS n, x.at AS at, x.actor AS actor, x.action AS action, x.store_id AS store_id, x.plan_id AS plan_id,
  x.state AS state, x.body AS body, x.is_drill AS is_drill, x.previous AS previous, x.hash AS hash
ORDER BY n
LIMIT $n
