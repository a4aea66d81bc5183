-- purpose: add an entry to the end of the ledger
-- params: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
-- returns:
INSERT INTO ledger (
  n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
