// purpose: notices against the stores of a JSON array of seller ids (listing_id null) or listings in them, counted
// params: ids
// returns: store_id, kind, outcome, listing_id, n, first_at, last_at
UNWIND $ids AS id
MATCH (seller:Holder {id: id})
USING INDEX SEEK seller:Holder(id)
MATCH (seller)-[:OPERATES]->(store:Store)
CALL (store) {
  MATCH (store)-[:LISTS]->(listing:Listing)<-[:AGAINST]-(notice:Notice)
  RETURN notice.kind AS kind, coalesce(notice.outcome, 'pending') AS outcome, notice.filed_at AS filed_at,
    listing.listing_id AS listing_id
  UNION ALL
  MATCH (store)<-[:AGAINST]-(notice:Notice)
  WHERE NOT EXISTS { (notice)-[:AGAINST]->(:Listing) }
  RETURN notice.kind AS kind, coalesce(notice.outcome, 'pending') AS outcome, notice.filed_at AS filed_at,
    null AS listing_id
  UNION ALL
  CALL (store) {
    MATCH (store)-[:LISTS]->(listing:Listing)
    MATCH (notice:Filing {listing_id: listing.listing_id})
    RETURN notice
    UNION ALL
    MATCH (notice:Filing {store_id: store.id})
    WHERE notice.listing_id IS NULL
    RETURN notice
  }
  CALL (notice) {
    MATCH (step:FilingStep {notice_id: notice.notice_id})
    RETURN step.state AS state ORDER BY step.step DESC LIMIT 1
  }
  WITH notice, state
  WHERE state <> 'withdrawn' AND notice.is_repeat = 0
  RETURN notice.kind AS kind, CASE WHEN state IN ['filed', 'countered'] THEN 'pending' ELSE state END AS outcome,
    notice.filed_at AS filed_at, notice.listing_id AS listing_id
}
RETURN store.id AS store_id, kind, outcome, listing_id, count(*) AS n, min(filed_at) AS first_at, max(filed_at) AS last_at
ORDER BY store_id, kind, outcome, listing_id
