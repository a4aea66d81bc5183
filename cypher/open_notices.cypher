// purpose: the notices of a brand that nobody decided, filed ones before loaded ones, first ones first
// params: brand_id
// returns: notice_id, listing_id, store_id, kind, is_loaded
CALL () {
  MATCH (:Brand {brand_id: $brand_id})<-[:FILED_BY]-(x:Notice)
  WHERE coalesce(x.outcome, 'pending') = 'pending'
  OPTIONAL MATCH (x)-[:AGAINST]->(listing:Listing)
  OPTIONAL MATCH (x)-[:AGAINST]->(store:Store)
  RETURN x.notice_id AS notice_id, listing.listing_id AS listing_id, store.id AS store_id,
    coalesce(x.kind, 'notice') AS kind, 1 AS is_loaded, x.filed_at AS filed_at
  UNION ALL
  MATCH (x:Filing {brand_id: $brand_id})
  WHERE x.is_repeat = 0
  CALL (x) {
    MATCH (step:FilingStep {notice_id: x.notice_id})
    RETURN step.state AS state ORDER BY step.step DESC LIMIT 1
  }
  WITH x, state
  WHERE state = 'filed'
  RETURN x.notice_id AS notice_id, x.listing_id AS listing_id, x.store_id AS store_id, x.kind AS kind, 0 AS is_loaded,
    x.filed_at AS filed_at
}
RETURN notice_id, listing_id, store_id, kind, is_loaded
ORDER BY is_loaded, coalesce(filed_at, -9223372036854775808), notice_id
