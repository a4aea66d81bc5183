// purpose: authorisations in force at a moment
// params: at
// returns: brand_id, seller_n
MATCH (brand:Brand)-[x:AUTHORISES]->(seller:Seller)
WHERE x.valid_to IS NULL
  AND (x.valid_from IS NULL OR x.valid_from <= $at)
  AND (x.valid_until IS NULL OR x.valid_until > $at)
RETURN brand.brand_id AS brand_id, seller.n AS seller_n
