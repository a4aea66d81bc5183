-- purpose: make or update a use of a value by a holder; how rows merge: schema/001_graph.sql
-- params: value_n, holder_n, source_n, purpose_n, provenance, extra, first_seen_at, last_seen_at, given, load_n, first_load_n
-- returns:
INSERT INTO uses (
  value_n, holder_n, source_n, purpose_n, provenance, extra, first_seen_at, last_seen_at, given, load_n,
  first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (value_n, holder_n, source_n) DO UPDATE SET
  purpose_n = iif(
    load_n = excluded.load_n AND given & 1
      AND (SELECT text FROM purpose WHERE n = purpose_n) > (SELECT text FROM purpose WHERE n = excluded.purpose_n),
    purpose_n, coalesce(excluded.purpose_n, purpose_n)),
  provenance = iif(
    load_n = excluded.load_n AND given & 2 AND provenance > excluded.provenance,
    provenance, coalesce(excluded.provenance, provenance)),
  extra = iif(
    load_n = excluded.load_n AND given & 4 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  first_seen_at = coalesce(min(first_seen_at, excluded.first_seen_at), first_seen_at, excluded.first_seen_at),
  last_seen_at = coalesce(max(last_seen_at, excluded.last_seen_at), last_seen_at, excluded.last_seen_at),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n,
  valid_to = NULL
