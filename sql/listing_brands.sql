-- purpose: every brand that a listing that stands names, as it was written; one step of the index each
-- params:
-- returns: brand
WITH RECURSIVE named (brand) AS (
  SELECT min(brand) FROM listing WHERE valid_to IS NULL AND brand IS NOT NULL
  UNION ALL
  SELECT (SELECT min(brand) FROM listing WHERE valid_to IS NULL AND brand > named.brand)
  FROM named
  WHERE named.brand IS NOT NULL
)
SELECT brand FROM named WHERE brand IS NOT NULL
