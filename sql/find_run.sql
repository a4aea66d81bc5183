-- purpose: a run that was, also one that is forgotten
-- params: run_id
-- returns: n, run_id, at
SELECT n, run_id, finished_at AS at FROM run_log WHERE run_id = :run_id
