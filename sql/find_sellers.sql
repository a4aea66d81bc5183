-- purpose: the number of each seller of a JSON array of ids, 0 where unknown, in its order
-- params: ids
-- returns: n
SELECT coalesce(seller.n, 0) AS n
FROM json_each(:ids) AS id
LEFT JOIN holder ON holder.id = id.value
LEFT JOIN seller ON seller.n = holder.n
ORDER BY id.key
