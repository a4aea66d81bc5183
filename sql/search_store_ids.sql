-- purpose: sellers by the start of the id of one of their stores, after a store
-- params: low, high, after, n
-- returns: id, label, store_id
SELECT owner.id, coalesce(store.name, holder.id) AS label, holder.id AS store_id
FROM holder
JOIN store ON store.n = holder.n
JOIN holder AS owner ON owner.n = store.seller_n
WHERE holder.id >= :low AND holder.id < :high AND holder.id > :after
ORDER BY holder.id
LIMIT :n
