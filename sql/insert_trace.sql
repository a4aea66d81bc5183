-- purpose: keep a part of what a run found on the way
-- params: part, data
-- returns:
INSERT INTO run_trace (part, data) VALUES (?, ?)
