// purpose: the texts that stand in so many filed notices of one brand or more, by brand and digest
// params: brand_id, least
// returns: brand_id, text_digest, n
MATCH (x:Filing)
WHERE x.text_digest IS NOT NULL AND x.is_repeat = 0 AND ($brand_id IS NULL OR x.brand_id = $brand_id)
WITH x.brand_id AS brand_id, x.text_digest AS text_digest, count(*) AS n
WHERE n >= $least
RETURN brand_id, text_digest, n
ORDER BY brand_id, text_digest
