// purpose: make listings that are new
// params: n, listing_id, store_n, title, brand, currency, url, image_url, image_hash, status, extra, listed_at, removed_at, first_sold_at, price, given, load_n, first_load_n
// returns:
// key:
UNWIND $rows AS row
MATCH (owner:Holder {n: row[2]})
USING INDEX SEEK owner:Holder(n)
CREATE (owner)-[:LISTS]->(:Listing {
  n: row[0], listing_id: row[1], title: row[3], brand: row[4], currency: row[5], url: row[6], image_url: row[7],
  image_hash: row[8], status: row[9], extra: row[10], listed_at: row[11], removed_at: row[12], first_sold_at: row[13],
  price: row[14], given: row[15], load_n: row[16], first_load_n: row[17]
})
RETURN count(*) AS n
