-- purpose: notices, loaded or filed here, and the sellers whom they are against; what was withdrawn here says nothing
-- params:
-- returns: seller_n, kind, outcome
SELECT coalesce(of_listing.seller_n, of_store.seller_n) AS seller_n, notice.kind, notice.outcome
FROM standing_notice AS notice
LEFT JOIN listing ON listing.n = notice.listing_n
LEFT JOIN store AS of_listing ON of_listing.n = listing.store_n
LEFT JOIN store AS of_store ON of_store.n = notice.store_n
WHERE coalesce(of_listing.seller_n, of_store.seller_n) IS NOT NULL
  AND (notice.is_loaded OR (notice.outcome <> 'withdrawn' AND NOT notice.is_repeat))
