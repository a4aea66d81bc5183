-- purpose: what became of filed notices of a JSON array of ids, step by step
-- params: ids
-- returns: notice_id, step, state, actor, reason, at, due_at
SELECT notice_id, step, state, actor, reason, at, due_at
FROM filing_step
WHERE notice_id IN (SELECT value FROM json_each(:ids))
ORDER BY notice_id, step
