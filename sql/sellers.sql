-- purpose: sellers of a JSON array of ids, with their stores and listings counted
-- params: ids
-- returns: seller_id, name, country, registered_at, status, n_stores, n_listings
SELECT
  holder.id AS seller_id, seller.name, seller.country, seller.registered_at, seller.status,
  (SELECT count(*) FROM store WHERE store.seller_n = seller.n AND store.valid_to IS NULL) AS n_stores,
  (
    SELECT count(*)
    FROM store
    JOIN listing ON listing.store_n = store.n AND listing.valid_to IS NULL
    WHERE store.seller_n = seller.n AND store.valid_to IS NULL
  ) AS n_listings
FROM json_each(:ids) AS id
JOIN holder ON holder.id = id.value
JOIN seller ON seller.n = holder.n
