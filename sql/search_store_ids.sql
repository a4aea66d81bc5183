-- purpose: sellers by the start of the id of their first such store, after a store; not those whose own id begins so
-- params: low, high, after, n
-- returns: id, label, store_id
SELECT owner.id, coalesce(store.name, holder.id) AS label, holder.id AS store_id
FROM holder
JOIN store ON store.n = holder.n
JOIN holder AS owner ON owner.n = store.seller_n
WHERE holder.id >= :low AND holder.id < :high AND holder.id > :after
  AND NOT (owner.id >= :low AND owner.id < :high)
  AND NOT EXISTS (
    SELECT 1
    FROM store AS fellow
    JOIN holder AS earlier ON earlier.n = fellow.n
    WHERE fellow.seller_n = store.seller_n AND earlier.id >= :low AND earlier.id < holder.id
  )
ORDER BY holder.id
LIMIT :n
