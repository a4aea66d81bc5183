-- purpose: the newest map that is kept of the runs up to one
-- params: log_n
-- returns: run_id, places
SELECT layout.run_id, layout.places
FROM run_layout AS layout
JOIN run_log AS log ON log.run_id = layout.run_id
WHERE log.n <= :log_n
ORDER BY log.n DESC
LIMIT 1
