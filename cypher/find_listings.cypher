// purpose: the number of each listing of a list of ids, 0 where unknown, in its order
// params: ids
// returns: n
// packed: columns
// split: ids
UNWIND $ids AS wanted
OPTIONAL MATCH (x:Listing {listing_id: wanted[1]})
USING INDEX SEEK x:Listing(listing_id)
WITH wanted[0] AS place, coalesce(x.n, 0) AS n
ORDER BY place
RETURN collect(n) AS n
