// purpose: sellers by the start of the id of their first such store, after a store; not those whose own id begins so
// params: low, high, after, n
// returns: id, label, store_id
MATCH (x:Holder)
WHERE x.id >= $low AND x.id < $high AND x.id > $after AND x:Store
MATCH (owner:Seller)-[:OPERATES]->(x)
WHERE NOT (owner.id >= $low AND owner.id < $high)
  AND NOT EXISTS { MATCH (owner)-[:OPERATES]->(fellow:Store) WHERE fellow.id >= $low AND fellow.id < x.id }
RETURN owner.id AS id, coalesce(x.name, x.id) AS label, x.id AS store_id
ORDER BY store_id
LIMIT $n
