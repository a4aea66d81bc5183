-- purpose: all appeals, first ones first
-- params:
-- returns: n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
SELECT
  n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
FROM appeal
ORDER BY n
