-- purpose: what snapshot_listings says of the sellers of a JSON array of numbers
-- params: ns
-- returns: seller_n, brand, n
SELECT store.seller_n, listing.brand, count(*) AS n
FROM json_each(:ns) AS wanted
JOIN store ON store.seller_n = wanted.value
JOIN listing ON listing.store_n = store.n
WHERE listing.valid_to IS NULL AND store.valid_to IS NULL
GROUP BY store.seller_n, listing.brand
