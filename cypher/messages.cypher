// purpose: messages of a state after a number, in order
// params: state, after, n
// returns: n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
MATCH (x:OutboxMessage)
WHERE x.state = $state AND x.n > $after
RETURN
  x.n AS n, x.key AS key, x.plan_id AS plan_id, x.store_id AS store_id, x.action AS action, x.body AS body,
  x.state AS state, x.n_attempts AS n_attempts, x.next_at AS next_at, x.answer AS answer
ORDER BY n
LIMIT $n
