// purpose: all sellers
// params:
// returns: n, seller_id, name, country, status, registered_at
// packed: rows
// slices: holder
MATCH (x:Holder)
WHERE x.n >= $low AND x.n < $high AND x:Seller
WITH x
ORDER BY x.n
RETURN collect([x.n, x.id, x.name, x.country, x.status, x.registered_at]) AS rows
