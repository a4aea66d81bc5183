-- purpose: keep a store of a plan
-- params: plan_id, position, store_id, action, body, progress, due_at, inverse, note
-- returns:
INSERT INTO plan_store (
  plan_id, position, store_id, action, body, progress, due_at, inverse, note
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
