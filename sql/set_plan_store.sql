-- purpose: say what became of a store of a plan
-- params: progress, due_at, inverse, note, plan_id, position
-- returns:
UPDATE plan_store SET progress = ?, due_at = ?, inverse = ?, note = ? WHERE plan_id = ? AND position = ?
