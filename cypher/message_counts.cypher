// purpose: how many messages of each plan and state there are
// params:
// returns: plan_id, state, n
MATCH (x:OutboxMessage)
RETURN x.plan_id AS plan_id, x.state AS state, count(*) AS n
ORDER BY plan_id, state
