-- purpose: how much there is of everything that stands
-- params:
-- returns: what, n
SELECT 'sellers' AS what, count(*) AS n FROM seller
UNION ALL SELECT 'stores', count(*) FROM store WHERE valid_to IS NULL
UNION ALL SELECT 'listings', count(*) FROM listing WHERE valid_to IS NULL
UNION ALL SELECT 'values', count(*) FROM value
UNION ALL SELECT 'uses', count(*) FROM uses WHERE valid_to IS NULL
UNION ALL SELECT 'brands', count(*) FROM brand
UNION ALL SELECT 'authorisations', count(*) FROM authorisation WHERE valid_to IS NULL
UNION ALL SELECT 'notices', count(*) FROM notice
UNION ALL SELECT 'exemptions', count(*) FROM exemption WHERE lifted_at IS NULL
UNION ALL SELECT 'rings', count(*) FROM ring
