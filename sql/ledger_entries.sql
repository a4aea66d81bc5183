-- purpose: entries of the ledger after a number, in order
-- params: after, n
-- returns: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
SELECT
  n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
FROM ledger
WHERE n > :after
ORDER BY n
LIMIT :n
