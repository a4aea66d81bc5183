// purpose: the notices of a brand, or of all where null, by whom they are against, kind, state and day, counted
// params: brand_id
// returns: brand_id, seller_id, kind, state, day, due_day, n
// A day counts from 1970 and is that of the decision, else that of the filing, null where neither is known.
CALL () {
  MATCH (x:Notice)-[:FILED_BY]->(brand:Brand)
  WHERE $brand_id IS NULL OR brand.brand_id = $brand_id
  OPTIONAL MATCH (x)-[:AGAINST]->(:Listing)<-[:LISTS]-(:Store)<-[:OPERATES]-(of_listing:Seller)
  OPTIONAL MATCH (x)-[:AGAINST]->(:Store)<-[:OPERATES]-(of_store:Seller)
  RETURN brand.brand_id AS brand_id, coalesce(of_listing.id, of_store.id) AS seller_id,
    coalesce(x.kind, 'notice') AS kind,
    CASE coalesce(x.outcome, 'pending') WHEN 'pending' THEN 'filed' ELSE x.outcome END AS state,
    coalesce(x.decided_at, x.filed_at) / 86400000000 AS day, null AS due_day
  UNION ALL
  MATCH (x:Filing)
  WHERE ($brand_id IS NULL OR x.brand_id = $brand_id) AND x.is_repeat = 0
  CALL (x) {
    MATCH (step:FilingStep {notice_id: x.notice_id})
    RETURN step AS last ORDER BY step.step DESC LIMIT 1
  }
  OPTIONAL MATCH (listing:Listing {listing_id: x.listing_id})
  USING INDEX SEEK listing:Listing(listing_id)
  OPTIONAL MATCH (listing)<-[:LISTS]-(:Store)<-[:OPERATES]-(of_listing:Seller)
  OPTIONAL MATCH (store:Holder {id: x.store_id})
  USING INDEX SEEK store:Holder(id)
  OPTIONAL MATCH (store)<-[:OPERATES]-(of_store:Seller)
  RETURN x.brand_id AS brand_id, coalesce(of_listing.id, of_store.id) AS seller_id, x.kind AS kind,
    last.state AS state, last.at / 86400000000 AS day, last.due_at / 86400000000 AS due_day
}
RETURN brand_id, seller_id, kind, state, day, due_day, count(*) AS n
ORDER BY brand_id, seller_id, kind, state, day, due_day
