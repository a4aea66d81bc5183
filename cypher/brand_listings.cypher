// purpose: listings that stand of brands, a JSON array as they are written, in the stores of a JSON array of ids
// params: texts, ids
// returns: listing_id, store_id, title, brand, price, currency, url, image_url, image_hash, status, listed_at, first_sold_at, removed_at
UNWIND $ids AS id
MATCH (store:Holder {id: id})
USING INDEX SEEK store:Holder(id)
MATCH (store)-[:LISTS]->(x:Listing)
WHERE x.valid_to IS NULL AND x.brand IN $texts
RETURN x.listing_id AS listing_id, store.id AS store_id, x.title AS title, x.brand AS brand, x.price AS price,
  x.currency AS currency, x.url AS url, x.image_url AS image_url, x.image_hash AS image_hash, x.status AS status,
  x.listed_at AS listed_at, x.first_sold_at AS first_sold_at, x.removed_at AS removed_at
ORDER BY listing_id
