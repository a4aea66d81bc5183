-- purpose: keep a message to the marketplace
-- params: n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
-- returns:
INSERT INTO outbox (
  n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
