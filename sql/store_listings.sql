-- purpose: listings that stand in the stores of a JSON array of ids
-- params: ids
-- returns: store_id, listing_id
SELECT holder.id AS store_id, listing.listing_id
FROM json_each(:ids) AS id
JOIN holder ON holder.id = id.value
JOIN listing ON listing.store_n = holder.n AND listing.valid_to IS NULL AND listing.removed_at IS NULL
ORDER BY store_id, listing_id
