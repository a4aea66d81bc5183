-- purpose: take the names of each seller of a JSON array of numbers out of the index of words
-- params: ns
-- returns:
INSERT INTO name_words (name_words, rowid, name)
SELECT 'delete', seller.n, seller.name
FROM json_each(:ns) AS wanted
JOIN seller ON seller.n = wanted.value
WHERE seller.name IS NOT NULL
