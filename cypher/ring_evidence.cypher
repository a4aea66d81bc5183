// purpose: the n values that speak loudest for each ring of a list of ids, summed over the members
// params: ids, n
// returns: ring_id, kind, family, value, n_holders, score
UNWIND $ids AS id
CALL (id) {
  MATCH (x:Evidence {run_n: $run_n, ring_id: id})
  WHERE x.seller_id IS NOT NULL AND x.value <> ''
  RETURN x.kind AS kind, max(x.family) AS family, x.value AS value, max(x.n_holders) AS n_holders, sum(x.score) AS score
  ORDER BY score DESC, kind, value
  LIMIT $n
}
RETURN id AS ring_id, kind, family, value, n_holders, score
ORDER BY ring_id, score DESC, kind, value
