// purpose: listings that stand, counted by seller and brand as it was written
// params:
// returns: seller_n, brand, n
// packed: rows
// slices: holder
MATCH (store:Holder)
WHERE store.n >= $low AND store.n < $high AND store:Store AND store.valid_to IS NULL
MATCH (seller:Seller)-[:OPERATES]->(store)
MATCH (store)-[:LISTS]->(x:Listing)
WHERE x.valid_to IS NULL
WITH seller.n AS seller_n, x.brand AS brand, count(*) AS n
RETURN collect([seller_n, brand, n]) AS rows
