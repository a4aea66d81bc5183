-- purpose: take the names of each store of a JSON array of numbers out of the index of words
-- params: ns
-- returns:
INSERT INTO name_words (name_words, rowid, name)
SELECT 'delete', store.n, store.name
FROM json_each(:ns) AS wanted
JOIN store ON store.n = wanted.value
WHERE store.name IS NOT NULL
