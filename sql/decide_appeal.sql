-- purpose: keep what was decided on an appeal
-- params: n, state, decided_by, decided_at, reason
-- returns:
UPDATE appeal SET state = :state, decided_by = :decided_by, decided_at = :decided_at, reason = :reason
WHERE n = :n AND state = 'open'
