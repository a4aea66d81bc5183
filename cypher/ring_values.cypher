// purpose: values that members of a ring share, in the order in which they were kept
// params: ring_id
// returns: kind, family, value, n_holders, is_hub
MATCH (x:RingValue {run_n: $run_n, ring_id: $ring_id})
RETURN x.kind AS kind, x.family AS family, x.value AS value, x.n_holders AS n_holders, x.is_hub AS is_hub
ORDER BY x.position
