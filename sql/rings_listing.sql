-- purpose: the stores in rings that list brands, a JSON array as they are written, with the listings that stand counted
-- params: texts
-- returns: ring_id, seller_id, store_id, n
SELECT member.ring_id, seller.id AS seller_id, own.id AS store_id, stock.n
FROM (
  SELECT listing.store_n, count(*) AS n
  FROM json_each(:texts) AS text
  JOIN listing ON listing.brand = text.value AND listing.valid_to IS NULL
  GROUP BY listing.store_n
) AS stock
JOIN store ON store.n = stock.store_n AND store.valid_to IS NULL
JOIN holder AS own ON own.n = store.n
JOIN holder AS seller ON seller.n = store.seller_n
JOIN member ON member.seller_id = seller.id
ORDER BY member.ring_id, seller_id, store_id
