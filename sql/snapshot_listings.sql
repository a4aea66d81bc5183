-- purpose: listings that stand, counted by seller and brand as it was written
-- params:
-- returns: seller_n, brand, n
SELECT store.seller_n, listing.brand, count(*) AS n
FROM listing
JOIN store ON store.n = listing.store_n
WHERE listing.valid_to IS NULL AND store.valid_to IS NULL
GROUP BY store.seller_n, listing.brand
