-- purpose: make or update a brand; how rows merge: schema/001_graph.sql
-- params: brand_id, name, aliases, extra, member_since, given, load_n, first_load_n
-- returns:
INSERT INTO brand (
  brand_id, name, aliases, extra, member_since, given, load_n, first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (brand_id) DO UPDATE SET
  name = iif(load_n = excluded.load_n AND name > excluded.name, name, excluded.name),
  aliases = iif(
    load_n = excluded.load_n AND given & 1 AND aliases > excluded.aliases,
    aliases, coalesce(excluded.aliases, aliases)),
  extra = iif(
    load_n = excluded.load_n AND given & 2 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  member_since = iif(
    load_n = excluded.load_n AND given & 4 AND member_since > excluded.member_since,
    member_since, coalesce(excluded.member_since, member_since)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n
