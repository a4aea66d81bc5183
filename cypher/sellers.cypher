// purpose: sellers of a list of ids, with their stores and listings counted
// params: ids
// returns: seller_id, name, country, registered_at, status, n_stores, n_listings
UNWIND $ids AS id
MATCH (x:Holder {id: id})
USING INDEX SEEK x:Holder(id)
WHERE x:Seller
RETURN x.id AS seller_id, x.name AS name, x.country AS country, x.registered_at AS registered_at, x.status AS status,
  COUNT { (x)-[:OPERATES]->(store:Store) WHERE store.valid_to IS NULL } AS n_stores,
  COUNT {
    (x)-[:OPERATES]->(store:Store)-[:LISTS]->(listing:Listing)
    WHERE store.valid_to IS NULL AND listing.valid_to IS NULL
  } AS n_listings
