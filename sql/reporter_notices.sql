-- purpose: the notices of a brand, or of all where null, by whom they are against, kind, state and day, counted
-- params: brand_id
-- returns: brand_id, seller_id, kind, state, day, due_day, n
-- A day counts from 1970 and is that of the decision, else that of the filing, null where neither is known.
SELECT
  notice.brand_id, seller.id AS seller_id, coalesce(notice.kind, 'notice') AS kind, notice.state,
  coalesce(notice.decided_at, notice.filed_at) / 86400000000 AS day, notice.due_at / 86400000000 AS due_day, count(*) AS n
FROM standing_notice AS notice
LEFT JOIN listing ON listing.n = notice.listing_n
LEFT JOIN store ON store.n = coalesce(listing.store_n, notice.store_n)
LEFT JOIN holder AS seller ON seller.n = store.seller_n
WHERE (:brand_id IS NULL OR notice.brand_id = :brand_id) AND NOT notice.is_repeat
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6
