// purpose: notices, loaded or filed here, and the sellers whom they are against; what was withdrawn here says nothing
// params:
// returns: seller_n, kind, outcome
MATCH (notice:Notice)
OPTIONAL MATCH (notice)-[:AGAINST]->(:Listing)<-[:LISTS]-(:Store)<-[:OPERATES]-(of_listing:Seller)
OPTIONAL MATCH (notice)-[:AGAINST]->(:Store)<-[:OPERATES]-(of_store:Seller)
WITH notice, coalesce(of_listing.n, of_store.n) AS seller_n
WHERE seller_n IS NOT NULL
RETURN seller_n, notice.kind AS kind, coalesce(notice.outcome, 'pending') AS outcome
UNION ALL
MATCH (notice:Filing)
WHERE notice.is_repeat = 0
CALL (notice) {
  MATCH (step:FilingStep {notice_id: notice.notice_id})
  RETURN step.state AS state ORDER BY step.step DESC LIMIT 1
}
WITH notice, state
WHERE state <> 'withdrawn'
OPTIONAL MATCH (listing:Listing {listing_id: notice.listing_id})
USING INDEX SEEK listing:Listing(listing_id)
OPTIONAL MATCH (listing)<-[:LISTS]-(:Store)<-[:OPERATES]-(of_listing:Seller)
OPTIONAL MATCH (store:Holder {id: notice.store_id})
USING INDEX SEEK store:Holder(id)
OPTIONAL MATCH (store)<-[:OPERATES]-(of_store:Seller)
RETURN coalesce(of_listing.n, of_store.n) AS seller_n, notice.kind AS kind,
  CASE WHEN state IN ['filed', 'countered'] THEN 'pending' ELSE state END AS outcome
