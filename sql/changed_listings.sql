-- purpose: listings that some loads touched, or that were retired at some moments; both are JSON arrays
-- params: loads, moments
-- returns: n, store_n
SELECT n, store_n
FROM listing
WHERE load_n IN (SELECT value FROM json_each(:loads)) OR valid_to IN (SELECT value FROM json_each(:moments))
ORDER BY n
