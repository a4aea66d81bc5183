// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, listing_id, store_n, title, brand, currency, url, image_url, image_hash, status, extra, listed_at, removed_at, first_sold_at, price, given, load_n, first_load_n, valid_to
// slices: listing
MATCH (x:Listing)
WHERE x.n >= $low AND x.n < $high
MATCH (owner:Store)-[:LISTS]->(x)
RETURN collect([
  x.n, x.listing_id, owner.n, x.title, x.brand, x.currency, x.url, x.image_url, x.image_hash, x.status,
  x.extra, x.listed_at, x.removed_at, x.first_sold_at, x.price, x.given, x.load_n, x.first_load_n, x.valid_to
]) AS rows;

UNWIND $rows AS row
MATCH (owner:Holder {n: row[2]})
USING INDEX SEEK owner:Holder(n)
CREATE (owner)-[:LISTS]->(:Listing {
  n: row[0], listing_id: row[1], title: row[3], brand: row[4], currency: row[5], url: row[6],
  image_url: row[7], image_hash: row[8], status: row[9], extra: row[10], listed_at: row[11],
  removed_at: row[12], first_sold_at: row[13], price: row[14], given: row[15], load_n: row[16],
  first_load_n: row[17], valid_to: row[18]
})
RETURN count(*) AS n
