-- purpose: what the current run found on the way, in parts
-- params:
-- returns: data
SELECT data FROM run_trace ORDER BY part
