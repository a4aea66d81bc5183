-- purpose: sellers by the start of their id, after one
-- params: low, high, after, n
-- returns: id, label
SELECT holder.id, coalesce(seller.name, holder.id) AS label
FROM holder
JOIN seller ON seller.n = holder.n
WHERE holder.id >= :low AND holder.id < :high AND holder.id > :after
ORDER BY holder.id
LIMIT :n
