// purpose: entries of the ledger about the stores of a JSON array of ids, in order
// params: ids
// returns: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
UNWIND $ids AS id
MATCH (x:LedgerEntry {store_id: id})
RETURN
  x.n AS n, x.at AS at, x.actor AS actor, x.action AS action, x.store_id AS store_id, x.plan_id AS plan_id,
  x.state AS state, x.body AS body, x.is_drill AS is_drill, x.previous AS previous, x.hash AS hash
ORDER BY n
