-- purpose: put the names of each seller of a JSON array of numbers into the index of words
-- params: ns
-- returns:
INSERT INTO name_words (rowid, name)
SELECT seller.n, seller.name
FROM json_each(:ns) AS wanted
JOIN seller ON seller.n = wanted.value
WHERE seller.name IS NOT NULL
