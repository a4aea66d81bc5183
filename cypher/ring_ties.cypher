// purpose: which rings of the current run share a value; what more than twelve rings share says nothing of any two
// params:
// returns: one, other, kind, n_holders, is_hub
MATCH (x:RingValue {run_n: $run_n})
WITH x.kind AS kind, x.value AS value, collect(x) AS found
WHERE size(found) >= 2 AND size(found) <= 12
UNWIND found AS one
UNWIND found AS other
WITH kind, value, one, other
WHERE one.ring_id < other.ring_id
RETURN
  one.ring_id AS one, other.ring_id AS other, kind, one.n_holders AS n_holders,
  CASE WHEN one.is_hub > other.is_hub THEN one.is_hub ELSE other.is_hub END AS is_hub
ORDER BY one, other, kind, value
