-- purpose: all loads; what one that is open writes may still change
-- params:
-- returns: n, is_over, finished_at
SELECT n, state <> 'open' AS is_over, coalesce(finished_at, -1) AS finished_at FROM load ORDER BY n
