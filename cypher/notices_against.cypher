// purpose: notices against the stores of a JSON array of seller ids, or against listings in them, counted
// params: ids
// returns: store_id, kind, outcome, is_listing, n
UNWIND $ids AS id
MATCH (seller:Holder {id: id})
USING INDEX SEEK seller:Holder(id)
MATCH (seller)-[:OPERATES]->(store:Store)
CALL (store) {
  MATCH (store)-[:LISTS]->(:Listing)<-[:AGAINST]-(notice:Notice)
  RETURN notice, 1 AS is_listing
  UNION ALL
  MATCH (store)<-[:AGAINST]-(notice:Notice)
  WHERE NOT EXISTS { (notice)-[:AGAINST]->(:Listing) }
  RETURN notice, 0 AS is_listing
}
RETURN store.id AS store_id, notice.kind AS kind, notice.outcome AS outcome, is_listing, count(*) AS n
ORDER BY store_id, kind, outcome, is_listing
