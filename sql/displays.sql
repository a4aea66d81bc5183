-- purpose: what a person reads for values that are kept in another form (hashes), of those that are named
-- params: pairs
-- returns: kind, value, display
SELECT kind.name AS kind, value.text AS value, value.display
FROM json_each(:pairs) AS pair
JOIN kind ON kind.name = pair.value ->> 0
JOIN value ON value.kind_n = kind.n AND value.text = pair.value ->> 1
WHERE value.display <> value.text
ORDER BY kind.name, value.text
