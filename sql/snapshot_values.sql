-- purpose: texts of values of a JSON array of numbers, in its order
-- params: ns
-- returns: text
SELECT value.text
FROM json_each(:ns) AS wanted
JOIN value ON value.n = wanted.value
ORDER BY wanted.key
