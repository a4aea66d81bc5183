// purpose: listings that stand of the sellers of a JSON array of ids, counted by brand as it was written
// params: ids
// returns: brand, n
UNWIND $ids AS id
MATCH (seller:Holder {id: id})
USING INDEX SEEK seller:Holder(id)
MATCH (seller)-[:OPERATES]->(store:Store)
WHERE store.valid_to IS NULL
MATCH (store)-[:LISTS]->(listing:Listing)
WHERE listing.valid_to IS NULL
RETURN listing.brand AS brand, count(*) AS n
ORDER BY brand
