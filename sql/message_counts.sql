-- purpose: how many messages of each plan and state there are
-- params:
-- returns: plan_id, state, n
SELECT plan_id, state, count(*) AS n
FROM outbox
GROUP BY plan_id, state
ORDER BY plan_id, state
