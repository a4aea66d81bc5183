-- purpose: forget what the run before found on the way
-- params:
-- returns:
DELETE FROM run_trace
