// purpose: the number of each value of one kind of a list of texts, 0 where unknown, in its order
// params: kind_n, texts
// returns: n
// packed: columns
// split: texts
UNWIND $texts AS wanted
OPTIONAL MATCH (x:Value {kind_n: $kind_n, text: wanted[1]})
USING INDEX SEEK x:Value(kind_n, text)
WITH wanted[0] AS place, coalesce(x.n, 0) AS n
ORDER BY place
RETURN collect(n) AS n
