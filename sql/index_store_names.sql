-- purpose: put the names of each store of a JSON array of numbers into the index of words
-- params: ns
-- returns:
INSERT INTO name_words (rowid, name)
SELECT store.n, store.name
FROM json_each(:ns) AS wanted
JOIN store ON store.n = wanted.value
WHERE store.name IS NOT NULL
