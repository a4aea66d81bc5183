-- purpose: stores that some loads touched, or that were retired at some moments; both are JSON arrays
-- params: loads, moments
-- returns: n, seller_n, status, closed_at, stands
SELECT n, seller_n, status, closed_at, valid_to IS NULL AS stands
FROM store
WHERE load_n IN (SELECT value FROM json_each(:loads)) OR valid_to IN (SELECT value FROM json_each(:moments))
ORDER BY n
