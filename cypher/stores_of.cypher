// purpose: stores that stand, of the sellers of a JSON array of ids, with their listings counted
// params: ids
// returns: store_id, seller_id, name, is_closed, n_listings, opened_at
UNWIND $ids AS id
MATCH (seller:Holder {id: id})
USING INDEX SEEK seller:Holder(id)
MATCH (seller)-[:OPERATES]->(store:Store)
WHERE store.valid_to IS NULL
RETURN store.id AS store_id, seller.id AS seller_id, store.name AS name,
  CASE WHEN store.closed_at IS NOT NULL OR toLower(coalesce(store.status, '')) = 'closed' THEN 1 ELSE 0 END AS is_closed,
  COUNT {
    (store)-[:LISTS]->(listing:Listing) WHERE listing.valid_to IS NULL AND listing.removed_at IS NULL
  } AS n_listings,
  store.opened_at AS opened_at
ORDER BY store_id
