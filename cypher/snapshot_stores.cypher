// purpose: stores that stand
// params:
// returns: n, seller_n, status, closed_at
// packed: rows
// slices: holder
MATCH (x:Holder)
WHERE x.n >= $low AND x.n < $high AND x:Store AND x.valid_to IS NULL
MATCH (seller:Seller)-[:OPERATES]->(x)
WITH x, seller
ORDER BY x.n
RETURN collect([x.n, seller.n, x.status, x.closed_at]) AS rows
