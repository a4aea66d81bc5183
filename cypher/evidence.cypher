// purpose: the evidence of members of a ring (all where seller_ids is null), in the order in which it was kept
// params: ring_id, seller_ids
// returns: seller_id, kind, family, value, n_holders, score, holders
MATCH (x:Evidence {run_n: $run_n, ring_id: $ring_id})
WHERE x.seller_id IS NOT NULL AND ($seller_ids IS NULL OR x.seller_id IN $seller_ids)
MATCH (holders:EvidenceHolders {run_n: $run_n, n: x.holders_n})
RETURN x.seller_id AS seller_id, x.kind AS kind, x.family AS family, x.value AS value, x.n_holders AS n_holders, x.score AS score,
  holders.seller_ids AS holders
ORDER BY seller_id, x.position
