// purpose: sellers by the start of the id of one of their stores, after a store
// params: low, high, after, n
// returns: id, label, store_id
MATCH (x:Holder)
WHERE x.id >= $low AND x.id < $high AND x.id > $after AND x:Store
WITH x
ORDER BY x.id
LIMIT $n
MATCH (owner:Seller)-[:OPERATES]->(x)
RETURN owner.id AS id, coalesce(x.name, x.id) AS label, x.id AS store_id
ORDER BY store_id
