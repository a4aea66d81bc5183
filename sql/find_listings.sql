-- purpose: the number of each listing of a JSON array of ids, 0 where unknown, in its order
-- params: ids
-- returns: n
SELECT coalesce(listing.n, 0) AS n
FROM json_each(:ids) AS id
LEFT JOIN listing ON listing.listing_id = id.value
ORDER BY id.key
