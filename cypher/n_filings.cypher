// purpose: how many notices were filed for a brand
// params: brand_id
// returns: n
MATCH (x:Filing {brand_id: $brand_id})
RETURN count(*) AS n
