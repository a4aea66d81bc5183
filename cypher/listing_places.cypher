// purpose: the stores of the listings of a JSON array of ids, those that stand
// params: ids
// returns: listing_id, store_id, brand
UNWIND $ids AS id
MATCH (x:Listing {listing_id: id})
USING INDEX SEEK x:Listing(listing_id)
WHERE x.valid_to IS NULL
MATCH (x)<-[:LISTS]-(store:Store)
RETURN x.listing_id AS listing_id, store.id AS store_id, x.brand AS brand
