-- purpose: make or update an authorisation of a seller by a brand; how rows merge: schema/001_graph.sql
-- params: brand_id, seller_n, extra, valid_from, valid_until, given, load_n, first_load_n
-- returns:
INSERT INTO authorisation (
  brand_id, seller_n, extra, valid_from, valid_until, given, load_n, first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (brand_id, seller_n) DO UPDATE SET
  extra = iif(
    load_n = excluded.load_n AND given & 1 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  valid_from = iif(
    load_n = excluded.load_n AND given & 2 AND valid_from > excluded.valid_from,
    valid_from, coalesce(excluded.valid_from, valid_from)),
  valid_until = iif(
    load_n = excluded.load_n AND given & 4 AND valid_until > excluded.valid_until,
    valid_until, coalesce(excluded.valid_until, valid_until)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n,
  valid_to = NULL
