-- purpose: whether each id of a JSON array is a brand: 1 or 0, in its order
-- params: ids
-- returns: n
SELECT brand.brand_id IS NOT NULL AS n
FROM json_each(:ids) AS id
LEFT JOIN brand ON brand.brand_id = id.value
ORDER BY id.key
