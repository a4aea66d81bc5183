-- purpose: the texts that stand in so many filed notices of one brand or more, by brand and digest
-- params: brand_id, least
-- returns: brand_id, text_digest, n
SELECT brand_id, text_digest, count(*) AS n
FROM filing
WHERE text_digest IS NOT NULL AND NOT is_repeat AND (:brand_id IS NULL OR brand_id = :brand_id)
GROUP BY brand_id, text_digest
HAVING count(*) >= :least
ORDER BY brand_id, text_digest
