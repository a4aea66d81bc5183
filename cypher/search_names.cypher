// purpose: sellers by words of their name or of the name of one of their stores, after a number
// params: words, after, n
// returns: id, label, holder_n
CALL db.index.fulltext.queryNodes('holder_words', $words) YIELD node AS x
WHERE x.n > $after
WITH x
ORDER BY x.n
LIMIT $n
OPTIONAL MATCH (seller:Seller)-[:OPERATES]->(x)
RETURN coalesce(seller.id, x.id) AS id, x.name AS label, x.n AS holder_n
ORDER BY holder_n
