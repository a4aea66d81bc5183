-- purpose: messages of a state after a number, in order
-- params: state, after, n
-- returns: n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
SELECT
  n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
FROM outbox
WHERE state = :state AND n > :after
ORDER BY n
LIMIT :n
