// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: brand_id, seller_n, extra, valid_from, valid_until, given, load_n, first_load_n, valid_to
MATCH (brand:Brand)-[x:AUTHORISES]->(seller:Seller)
RETURN
  brand.brand_id, seller.n, x.extra, x.valid_from, x.valid_until, x.given, x.load_n, x.first_load_n,
  x.valid_to;

UNWIND $rows AS row
MATCH (brand:Brand {brand_id: row[0]})
USING INDEX SEEK brand:Brand(brand_id)
MATCH (seller:Holder {n: row[1]})
USING INDEX SEEK seller:Holder(n)
CREATE (brand)-[:AUTHORISES {
  extra: row[2], valid_from: row[3], valid_until: row[4], given: row[5], load_n: row[6], first_load_n: row[7],
  valid_to: row[8]
}]->(seller)
RETURN count(*) AS n
