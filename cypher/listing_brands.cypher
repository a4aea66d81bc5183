// purpose: every brand that a listing that stands names, as it was written
// params:
// returns: brand
// packed: columns
MATCH (listing:Listing)
WHERE listing.brand IS NOT NULL AND listing.valid_to IS NULL
WITH DISTINCT listing.brand AS brand
ORDER BY brand
RETURN collect(brand) AS brand
