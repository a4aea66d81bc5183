-- purpose: the stores of the listings of a JSON array of ids, those that stand
-- params: ids
-- returns: listing_id, store_id, brand
SELECT listing.listing_id, holder.id AS store_id, listing.brand
FROM json_each(:ids) AS id
JOIN listing ON listing.listing_id = id.value AND listing.valid_to IS NULL
JOIN holder ON holder.n = listing.store_n
