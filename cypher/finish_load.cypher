// purpose: close a load
// params: n, finished_at
// returns:
MATCH (load:Load {n: $n})
SET load.state = 'finished', load.finished_at = $finished_at
RETURN count(*) AS n
