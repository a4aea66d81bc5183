-- purpose: the number of each value of one kind of a JSON array of texts, 0 where unknown, in its order
-- params: kind_n, texts
-- returns: n
SELECT coalesce(value.n, 0) AS n
FROM json_each(:texts) AS wanted
LEFT JOIN value ON value.kind_n = :kind_n AND value.text = wanted.value
ORDER BY wanted.key
