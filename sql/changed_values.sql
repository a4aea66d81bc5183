-- purpose: values whose uses some loads touched, or of which uses were retired at some moments; both are JSON arrays
-- params: loads, moments
-- returns: value_n
SELECT DISTINCT value_n
FROM uses
WHERE load_n IN (SELECT value FROM json_each(:loads)) OR valid_to IN (SELECT value FROM json_each(:moments))
ORDER BY value_n
