// purpose: the evidence of members, a list of [ring_id, seller_id], in the order in which it was kept
// params: members
// returns: ring_id, seller_id, kind, family, value, n_holders, score
UNWIND $members AS member
MATCH (x:Evidence {run_n: $run_n, ring_id: member[0], seller_id: member[1]})
RETURN x.ring_id AS ring_id, x.seller_id AS seller_id, x.kind AS kind, x.family AS family, x.value AS value,
  x.n_holders AS n_holders, x.score AS score
ORDER BY ring_id, seller_id, x.position
