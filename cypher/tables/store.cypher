// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, seller_n, name, marketplace, url, status, extra, opened_at, closed_at, given, load_n, first_load_n, valid_to
// slices: holder
MATCH (x:Holder)
WHERE x.n >= $low AND x.n < $high AND x:Store
MATCH (owner:Seller)-[:OPERATES]->(x)
RETURN collect([
  x.n, owner.n, x.name, x.marketplace, x.url, x.status, x.extra, x.opened_at, x.closed_at, x.given, x.load_n,
  x.first_load_n, x.valid_to
]) AS rows;

UNWIND $rows AS row
MATCH (x:Holder {n: row[0]})
USING INDEX SEEK x:Holder(n)
MATCH (owner:Holder {n: row[1]})
USING INDEX SEEK owner:Holder(n)
CREATE (owner)-[:OPERATES]->(x)
SET x:Store,
  x.name = row[2], x.marketplace = row[3], x.url = row[4], x.status = row[5], x.extra = row[6],
  x.opened_at = row[7], x.closed_at = row[8], x.given = row[9], x.load_n = row[10], x.first_load_n = row[11],
  x.valid_to = row[12]
RETURN count(*) AS n
