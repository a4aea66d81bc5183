-- purpose: all sellers
-- params:
-- returns: n, seller_id, name, country, status, registered_at
SELECT seller.n, holder.id AS seller_id, seller.name, seller.country, seller.status, seller.registered_at
FROM seller
JOIN holder ON holder.n = seller.n
ORDER BY seller.n
