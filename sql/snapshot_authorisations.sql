-- purpose: authorisations in force at a moment
-- params: at
-- returns: brand_id, seller_n
SELECT brand_id, seller_n
FROM authorisation
WHERE valid_to IS NULL
  AND (valid_from IS NULL OR valid_from <= :at)
  AND (valid_until IS NULL OR valid_until > :at)
