-- purpose: filed notices of a JSON array of ids and the repeats of these, with the number of their last step
-- params: ids
-- returns: notice_id, brand_id, state, due_at, step, duplicate_of
SELECT filing.notice_id, filing.brand_id, last.state, last.due_at, last.step, filing.duplicate_of
FROM filing
JOIN filing_step AS last ON last.notice_id = filing.notice_id
  AND last.step = (SELECT max(step) FROM filing_step AS known WHERE known.notice_id = filing.notice_id)
WHERE filing.notice_id IN (SELECT value FROM json_each(:ids))
  OR filing.duplicate_of IN (SELECT value FROM json_each(:ids))
ORDER BY filing.number
