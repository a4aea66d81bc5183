// purpose: the number of each store of a list of ids, 0 where unknown, in its order
// params: ids
// returns: n
// packed: columns
// split: ids
UNWIND range(0, size($ids) - 1) AS place
OPTIONAL MATCH (x:Holder {id: $ids[place]}) WHERE x:Store
WITH place, coalesce(x.n, 0) AS n
ORDER BY place
RETURN collect(n) AS n
