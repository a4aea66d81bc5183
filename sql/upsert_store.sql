-- purpose: make or update a store; how rows merge: schema/001_graph.sql
-- params: n, seller_n, name, marketplace, url, status, extra, opened_at, closed_at, given, load_n, first_load_n
-- returns:
INSERT INTO store (
  n, seller_n, name, marketplace, url, status, extra, opened_at, closed_at, given, load_n, first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (n) DO UPDATE SET
  seller_n = iif(
    load_n = excluded.load_n
      AND (SELECT id FROM holder WHERE n = store.seller_n) > (SELECT id FROM holder WHERE n = excluded.seller_n),
    seller_n, excluded.seller_n),
  name = iif(load_n = excluded.load_n AND given & 1 AND name > excluded.name, name, coalesce(excluded.name, name)),
  marketplace = iif(
    load_n = excluded.load_n AND given & 2 AND marketplace > excluded.marketplace,
    marketplace, coalesce(excluded.marketplace, marketplace)),
  url = iif(load_n = excluded.load_n AND given & 4 AND url > excluded.url, url, coalesce(excluded.url, url)),
  status = iif(
    load_n = excluded.load_n AND given & 8 AND status > excluded.status,
    status, coalesce(excluded.status, status)),
  extra = iif(
    load_n = excluded.load_n AND given & 16 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  opened_at = iif(
    load_n = excluded.load_n AND given & 32 AND opened_at > excluded.opened_at,
    opened_at, coalesce(excluded.opened_at, opened_at)),
  closed_at = iif(
    load_n = excluded.load_n AND given & 64 AND closed_at > excluded.closed_at,
    closed_at, coalesce(excluded.closed_at, closed_at)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n,
  valid_to = NULL
