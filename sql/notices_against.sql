-- purpose: notices against the stores of a JSON array of seller ids, or against listings in them, counted
-- params: ids
-- returns: store_id, kind, outcome, is_listing, n
WITH asked AS (
  SELECT store.n, own.id AS store_id
  FROM json_each(:ids) AS id
  JOIN holder ON holder.id = id.value
  JOIN store ON store.seller_n = holder.n
  JOIN holder AS own ON own.n = store.n
)
SELECT asked.store_id, notice.kind, notice.outcome, notice.listing_n IS NOT NULL AS is_listing, count(*) AS n
FROM notice
LEFT JOIN listing ON listing.n = notice.listing_n
JOIN asked ON asked.n = coalesce(listing.store_n, notice.store_n)
GROUP BY asked.store_id, notice.kind, notice.outcome, is_listing
ORDER BY asked.store_id, notice.kind, notice.outcome, is_listing
