-- purpose: make or update a listing; how rows merge: schema/001_graph.sql
-- params: n, listing_id, store_n, title, brand, currency, url, image_url, image_hash, status, extra, listed_at, removed_at, first_sold_at, price, given, load_n, first_load_n
-- returns:
INSERT INTO listing (
  n, listing_id, store_n, title, brand, currency, url, image_url, image_hash, status, extra, listed_at,
  removed_at, first_sold_at, price, given, load_n, first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (n) DO UPDATE SET
  store_n = iif(
    load_n = excluded.load_n
      AND (SELECT id FROM holder WHERE n = listing.store_n) > (SELECT id FROM holder WHERE n = excluded.store_n),
    store_n, excluded.store_n),
  title = iif(
    load_n = excluded.load_n AND given & 1 AND title > excluded.title,
    title, coalesce(excluded.title, title)),
  brand = iif(
    load_n = excluded.load_n AND given & 2 AND brand > excluded.brand,
    brand, coalesce(excluded.brand, brand)),
  currency = iif(
    load_n = excluded.load_n AND given & 4 AND currency > excluded.currency,
    currency, coalesce(excluded.currency, currency)),
  url = iif(load_n = excluded.load_n AND given & 8 AND url > excluded.url, url, coalesce(excluded.url, url)),
  image_url = iif(
    load_n = excluded.load_n AND given & 16 AND image_url > excluded.image_url,
    image_url, coalesce(excluded.image_url, image_url)),
  image_hash = iif(
    load_n = excluded.load_n AND given & 32 AND image_hash > excluded.image_hash,
    image_hash, coalesce(excluded.image_hash, image_hash)),
  status = iif(
    load_n = excluded.load_n AND given & 64 AND status > excluded.status,
    status, coalesce(excluded.status, status)),
  extra = iif(
    load_n = excluded.load_n AND given & 128 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  listed_at = iif(
    load_n = excluded.load_n AND given & 256 AND listed_at > excluded.listed_at,
    listed_at, coalesce(excluded.listed_at, listed_at)),
  removed_at = iif(
    load_n = excluded.load_n AND given & 512 AND removed_at > excluded.removed_at,
    removed_at, coalesce(excluded.removed_at, removed_at)),
  first_sold_at = iif(
    load_n = excluded.load_n AND given & 1024 AND first_sold_at > excluded.first_sold_at,
    first_sold_at, coalesce(excluded.first_sold_at, first_sold_at)),
  price = iif(
    load_n = excluded.load_n AND given & 2048 AND price > excluded.price,
    price, coalesce(excluded.price, price)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n,
  valid_to = NULL
