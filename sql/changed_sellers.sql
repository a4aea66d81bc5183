-- purpose: sellers that some loads touched; loads is a JSON array
-- params: loads
-- returns: n, seller_id, name, country, status, registered_at
SELECT seller.n, holder.id AS seller_id, seller.name, seller.country, seller.status, seller.registered_at
FROM seller
JOIN holder ON holder.n = seller.n
WHERE seller.load_n IN (SELECT value FROM json_each(:loads))
ORDER BY seller.n
