-- purpose: stores that stand, of the sellers of a JSON array of ids, with their listings counted
-- params: ids
-- returns: store_id, seller_id, name, is_closed, n_listings, opened_at
SELECT
  own.id AS store_id, holder.id AS seller_id, store.name,
  store.closed_at IS NOT NULL OR lower(coalesce(store.status, '')) = 'closed' AS is_closed,
  (
    SELECT count(*)
    FROM listing
    WHERE listing.store_n = store.n AND listing.valid_to IS NULL AND listing.removed_at IS NULL
  ) AS n_listings,
  store.opened_at
FROM json_each(:ids) AS id
JOIN holder ON holder.id = id.value
JOIN store ON store.seller_n = holder.n AND store.valid_to IS NULL
JOIN holder AS own ON own.n = store.n
ORDER BY store_id
