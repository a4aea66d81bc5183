-- Partners ask for the rings that list their brand: by what listings say their brand is, of those that stand.
CREATE INDEX listing_by_brand ON listing (brand, store_n) WHERE valid_to IS NULL AND brand IS NOT NULL;
