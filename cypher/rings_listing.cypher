// purpose: the stores in rings that list brands, a JSON array as they are written, with the listings that stand counted
// params: texts
// returns: ring_id, seller_id, store_id, n
UNWIND $texts AS text
MATCH (listing:Listing {brand: text})
USING INDEX SEEK listing:Listing(brand)
WHERE listing.valid_to IS NULL
MATCH (store:Store)-[:LISTS]->(listing)
WHERE store.valid_to IS NULL
WITH store, count(*) AS n
MATCH (seller:Seller)-[:OPERATES]->(store)
MATCH (seller)-[:MEMBER_OF]->(ring:Ring)
WHERE ring.run_n = $run_n
RETURN ring.ring_id AS ring_id, seller.id AS seller_id, store.id AS store_id, n
ORDER BY ring_id, seller_id, store_id
