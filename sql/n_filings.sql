-- purpose: how many notices were filed for a brand
-- params: brand_id
-- returns: n
SELECT count(*) AS n FROM filing WHERE brand_id = :brand_id
