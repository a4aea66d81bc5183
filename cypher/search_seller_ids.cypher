// purpose: sellers by the start of their id, after one
// params: low, high, after, n
// returns: id, label
MATCH (x:Holder)
WHERE x.id >= $low AND x.id < $high AND x.id > $after AND x:Seller
RETURN x.id AS id, coalesce(x.name, x.id) AS label
ORDER BY id
LIMIT $n
