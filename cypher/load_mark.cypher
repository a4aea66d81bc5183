// purpose: what is another whenever a load begins or ends
// params:
// returns: n, n_open, finished_at
MATCH (load:Load)
RETURN
  count(load) AS n,
  count(CASE WHEN load.state = 'open' THEN 1 END) AS n_open,
  coalesce(max(load.finished_at), -1) AS finished_at
