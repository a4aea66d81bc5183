-- purpose: all brands
-- params:
-- returns: brand_id, name, aliases
SELECT brand_id, name, aliases FROM brand ORDER BY brand_id
