-- purpose: the greatest number of a group of holders in a run
-- params: run_id
-- returns: n
SELECT coalesce(max(n), 0) AS n FROM evidence_holders WHERE :run_id IS NOT NULL
