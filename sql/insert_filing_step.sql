-- purpose: keep what became of a notice
-- params: notice_id, step, state, actor, reason, at, due_at
-- returns:
INSERT INTO filing_step (notice_id, step, state, actor, reason, at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
