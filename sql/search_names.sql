-- purpose: sellers by words of their name or of the name of one of their stores, after a number
-- params: words, after, n
-- returns: id, label, holder_n
SELECT owner.id, coalesce(seller.name, store.name) AS label, name_words.rowid AS holder_n
FROM name_words
LEFT JOIN seller ON seller.n = name_words.rowid
LEFT JOIN store ON store.n = name_words.rowid
JOIN holder AS owner ON owner.n = coalesce(seller.n, store.seller_n)
WHERE name_words MATCH :words AND name_words.rowid > :after
ORDER BY name_words.rowid
LIMIT :n
