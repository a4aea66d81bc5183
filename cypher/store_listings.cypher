// purpose: listings that stand in the stores of a JSON array of ids
// params: ids
// returns: store_id, listing_id
UNWIND $ids AS id
MATCH (store:Holder {id: id})
USING INDEX SEEK store:Holder(id)
MATCH (store)-[:LISTS]->(listing:Listing)
WHERE listing.valid_to IS NULL AND listing.removed_at IS NULL
RETURN store.id AS store_id, listing.listing_id AS listing_id
ORDER BY store_id, listing_id
