-- purpose: notices against the stores of a JSON array of seller ids (listing_id null) or listings in them, counted
-- params: ids
-- returns: store_id, kind, outcome, listing_id, n, first_at, last_at
WITH asked AS (
  SELECT store.n, own.id AS store_id
  FROM json_each(:ids) AS id
  JOIN holder ON holder.id = id.value
  JOIN store ON store.seller_n = holder.n
  JOIN holder AS own ON own.n = store.n
)
SELECT
  asked.store_id, notice.kind, notice.outcome, listing.listing_id,
  count(*) AS n, min(notice.filed_at) AS first_at, max(notice.filed_at) AS last_at
FROM notice
LEFT JOIN listing ON listing.n = notice.listing_n
JOIN asked ON asked.n = coalesce(listing.store_n, notice.store_n)
GROUP BY asked.store_id, notice.kind, notice.outcome, listing.listing_id
ORDER BY asked.store_id, notice.kind, notice.outcome, listing.listing_id
