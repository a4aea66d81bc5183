// purpose: all brands
// params:
// returns: brand_id, name, aliases
MATCH (brand:Brand)
RETURN brand.brand_id AS brand_id, brand.name AS name, brand.aliases AS aliases
ORDER BY brand_id
