-- purpose: the number of each holder of a JSON array of ids, 0 where unknown, in its order
-- params: ids
-- returns: n
SELECT coalesce(holder.n, 0) AS n
FROM json_each(:ids) AS id
LEFT JOIN holder ON holder.id = id.value
ORDER BY id.key
