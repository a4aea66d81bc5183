-- purpose: make or update a seller; how rows merge: schema/001_graph.sql
-- params: n, name, legal_name, country, status, extra, registered_at, given, load_n, first_load_n
-- returns:
INSERT INTO seller (
  n, name, legal_name, country, status, extra, registered_at, given, load_n, first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (n) DO UPDATE SET
  name = iif(load_n = excluded.load_n AND given & 1 AND name > excluded.name, name, coalesce(excluded.name, name)),
  legal_name = iif(
    load_n = excluded.load_n AND given & 2 AND legal_name > excluded.legal_name,
    legal_name, coalesce(excluded.legal_name, legal_name)),
  country = iif(
    load_n = excluded.load_n AND given & 4 AND country > excluded.country,
    country, coalesce(excluded.country, country)),
  status = iif(
    load_n = excluded.load_n AND given & 8 AND status > excluded.status,
    status, coalesce(excluded.status, status)),
  extra = iif(
    load_n = excluded.load_n AND given & 16 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  registered_at = iif(
    load_n = excluded.load_n AND given & 32 AND registered_at > excluded.registered_at,
    registered_at, coalesce(excluded.registered_at, registered_at)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n
