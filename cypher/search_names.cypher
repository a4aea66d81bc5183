// purpose: sellers by words of their name or of the name of one of their stores, after a number
// params: words, low, high, after, n
// returns: id, label, holder_n, is_new
// is_new is 0 where the seller was found before: by an id, or by the name of a holder of a smaller number.
CALL db.index.fulltext.queryNodes('holder_words', $words) YIELD node AS x
OPTIONAL MATCH (seller:Seller)-[:OPERATES]->(x)
WITH coalesce(seller, x) AS owner, x
ORDER BY x.n
WITH owner, head(collect(x)) AS x
WHERE x.n > $after AND NOT (owner.id >= $low AND owner.id < $high)
  AND NOT EXISTS { MATCH (owner)-[:OPERATES]->(store:Store) WHERE store.id >= $low AND store.id < $high }
RETURN owner.id AS id, x.name AS label, x.n AS holder_n, 1 AS is_new
ORDER BY holder_n
LIMIT $n
