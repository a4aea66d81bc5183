-- purpose: stores that stand
-- params:
-- returns: n, seller_n, status, closed_at
SELECT n, seller_n, status, closed_at
FROM store
WHERE valid_to IS NULL
ORDER BY n
