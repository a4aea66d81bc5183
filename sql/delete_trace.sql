-- purpose: forget the rows of the run before
-- params:
-- returns:
DELETE FROM run_trace
