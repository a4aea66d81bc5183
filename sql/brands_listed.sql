-- purpose: listings that stand of the sellers of a JSON array of ids, counted by brand as it was written
-- params: ids
-- returns: brand, n
SELECT listing.brand, count(*) AS n
FROM json_each(:ids) AS id
JOIN holder ON holder.id = id.value
JOIN store ON store.seller_n = holder.n AND store.valid_to IS NULL
JOIN listing ON listing.store_n = store.n AND listing.valid_to IS NULL
GROUP BY listing.brand
ORDER BY listing.brand
