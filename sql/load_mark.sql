-- purpose: what is another whenever a load begins or ends
-- params:
-- returns: n, n_open, finished_at
SELECT count(*) AS n, coalesce(sum(state = 'open'), 0) AS n_open, coalesce(max(finished_at), -1) AS finished_at FROM load
