// purpose: rings by the start of their id, after one
// params: low, high, after, n
// returns: id, label
MATCH (x:Ring {run_n: $run_n})
WHERE x.ring_id >= $low AND x.ring_id < $high AND x.ring_id > $after
RETURN x.ring_id AS id, x.ring_id AS label
ORDER BY id
LIMIT $n
