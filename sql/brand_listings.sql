-- purpose: listings that stand of brands, a JSON array as they are written, in the stores of a JSON array of ids
-- params: texts, ids
-- returns: listing_id, store_id, title, brand, price, currency, url, image_url, image_hash, status, listed_at, first_sold_at, removed_at
SELECT
  listing.listing_id, own.id AS store_id, listing.title, listing.brand, listing.price, listing.currency, listing.url,
  listing.image_url, listing.image_hash, listing.status, listing.listed_at, listing.first_sold_at, listing.removed_at
FROM json_each(:ids) AS id
JOIN holder AS own ON own.id = id.value
JOIN listing ON listing.store_n = own.n AND listing.valid_to IS NULL
WHERE listing.brand IN (SELECT value FROM json_each(:texts))
ORDER BY listing.listing_id
