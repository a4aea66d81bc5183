-- purpose: notices against the stores of a JSON array of seller ids (listing_id null) or listings in them, counted
-- params: ids
-- returns: store_id, kind, outcome, listing_id, n, first_at, last_at
-- One pass over the notices, however many sellers are named: CROSS JOIN and the plus hold SQLite to that order.
SELECT
  own.id AS store_id, notice.kind, notice.outcome, listing.listing_id,
  count(*) AS n, min(notice.filed_at) AS first_at, max(notice.filed_at) AS last_at
FROM standing_notice AS notice
LEFT JOIN listing ON listing.n = notice.listing_n
CROSS JOIN store ON store.n = coalesce(listing.store_n, notice.store_n)
CROSS JOIN holder AS own ON own.n = store.n
CROSS JOIN holder AS seller ON seller.n = store.seller_n
WHERE +seller.id IN (SELECT value FROM json_each(:ids))
  AND (notice.is_loaded OR (notice.outcome <> 'withdrawn' AND NOT notice.is_repeat))
GROUP BY own.id, notice.kind, notice.outcome, listing.listing_id
ORDER BY own.id, notice.kind, notice.outcome, listing.listing_id
