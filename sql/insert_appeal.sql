-- purpose: keep an appeal
-- params: n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
-- returns:
INSERT INTO appeal (
  n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
