// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, name, legal_name, country, status, extra, registered_at, given, load_n, first_load_n
// slices: holder
MATCH (x:Holder)
WHERE x.n >= $low AND x.n < $high AND x:Seller
RETURN collect([
  x.n, x.name, x.legal_name, x.country, x.status, x.extra, x.registered_at, x.given, x.load_n, x.first_load_n
]) AS rows;

UNWIND $rows AS row
MATCH (x:Holder {n: row[0]})
USING INDEX SEEK x:Holder(n)
SET x:Seller,
  x.name = row[1], x.legal_name = row[2], x.country = row[3], x.status = row[4], x.extra = row[5],
  x.registered_at = row[6], x.given = row[7], x.load_n = row[8], x.first_load_n = row[9]
RETURN count(*) AS n
