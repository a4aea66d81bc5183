// purpose: notices, loaded or filed here, those that are due first (no moment: last), from a place in that order on
// params: notice_ids, state, brand_id, due_before, period, after_due, after_id, n
// returns: notice_id, brand_id, listing_id, store_id, kind, state, filed_at, due_at, duplicate_of, is_throttled, text, text_digest, digests, reason, is_loaded
// notice_ids: JSON array, null for all; period: from filing to the moment when a loaded one is due.
CALL () {
  MATCH (x:Notice)-[:FILED_BY]->(brand:Brand)
  WHERE ($brand_id IS NULL OR brand.brand_id = $brand_id) AND ($notice_ids IS NULL OR x.notice_id IN $notice_ids)
  OPTIONAL MATCH (x)-[:AGAINST]->(listing:Listing)
  OPTIONAL MATCH (listing)<-[:LISTS]-(of_listing:Store)
  OPTIONAL MATCH (x)-[:AGAINST]->(store:Store)
  RETURN x.notice_id AS notice_id, brand.brand_id AS brand_id, listing.listing_id AS listing_id,
    coalesce(store.id, of_listing.id) AS store_id, coalesce(x.kind, 'notice') AS kind,
    CASE coalesce(x.outcome, 'pending') WHEN 'pending' THEN 'filed' ELSE x.outcome END AS state,
    x.filed_at AS filed_at, x.filed_at + $period AS due_at, null AS duplicate_of, 0 AS is_throttled, '' AS text,
    null AS text_digest, '[]' AS digests, '' AS reason, 1 AS is_loaded
  UNION ALL
  MATCH (x:Filing)
  WHERE ($brand_id IS NULL OR x.brand_id = $brand_id) AND ($notice_ids IS NULL OR x.notice_id IN $notice_ids)
  CALL (x) {
    MATCH (step:FilingStep {notice_id: x.notice_id})
    RETURN step AS last ORDER BY step.step DESC LIMIT 1
  }
  RETURN x.notice_id AS notice_id, x.brand_id AS brand_id, x.listing_id AS listing_id, x.store_id AS store_id,
    x.kind AS kind, last.state AS state, x.filed_at AS filed_at, last.due_at AS due_at, x.duplicate_of AS duplicate_of,
    x.is_throttled AS is_throttled, x.text AS text, x.text_digest AS text_digest, x.digests AS digests,
    last.reason AS reason, 0 AS is_loaded
}
WITH *, coalesce(due_at, 4611686018427387904) AS place
WHERE ($state IS NULL OR state = $state)
  AND ($due_before IS NULL OR (due_at < $due_before AND state = 'filed'))
  AND ($after_id IS NULL OR place > $after_due OR (place = $after_due AND notice_id > $after_id))
RETURN notice_id, brand_id, listing_id, store_id, kind, state, filed_at, due_at, duplicate_of, is_throttled, text,
  text_digest, digests, reason, is_loaded
ORDER BY place, notice_id
LIMIT CASE WHEN $n < 0 THEN 9223372036854775807 ELSE $n END
