// purpose: notices against the stores of a JSON array of seller ids (listing_id null) or listings in them, counted
// params: ids
// returns: store_id, kind, outcome, listing_id, n, first_at, last_at
UNWIND $ids AS id
MATCH (seller:Holder {id: id})
USING INDEX SEEK seller:Holder(id)
MATCH (seller)-[:OPERATES]->(store:Store)
CALL (store) {
  MATCH (store)-[:LISTS]->(listing:Listing)<-[:AGAINST]-(notice:Notice)
  RETURN notice, listing.listing_id AS listing_id
  UNION ALL
  MATCH (store)<-[:AGAINST]-(notice:Notice)
  WHERE NOT EXISTS { (notice)-[:AGAINST]->(:Listing) }
  RETURN notice, null AS listing_id
}
RETURN store.id AS store_id, notice.kind AS kind, notice.outcome AS outcome, listing_id,
  count(*) AS n, min(notice.filed_at) AS first_at, max(notice.filed_at) AS last_at
ORDER BY store_id, kind, outcome, listing_id
