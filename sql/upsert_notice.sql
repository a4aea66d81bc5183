-- purpose: make or update a notice; how rows merge: schema/001_graph.sql
-- params: notice_id, brand_id, listing_n, store_n, kind, outcome, extra, filed_at, decided_at, given, load_n, first_load_n
-- returns:
INSERT INTO notice (
  notice_id, brand_id, listing_n, store_n, kind, outcome, extra, filed_at, decided_at, given, load_n,
  first_load_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (notice_id) DO UPDATE SET
  brand_id = iif(load_n = excluded.load_n AND brand_id > excluded.brand_id, brand_id, excluded.brand_id),
  listing_n = iif(
    load_n = excluded.load_n AND given & 1
      AND (SELECT listing_id FROM listing WHERE n = notice.listing_n) > (SELECT listing_id FROM listing WHERE n = excluded.listing_n),
    listing_n, coalesce(excluded.listing_n, listing_n)),
  store_n = iif(
    load_n = excluded.load_n AND given & 2
      AND (SELECT id FROM holder WHERE n = notice.store_n) > (SELECT id FROM holder WHERE n = excluded.store_n),
    store_n, coalesce(excluded.store_n, store_n)),
  kind = iif(load_n = excluded.load_n AND given & 4 AND kind > excluded.kind, kind, coalesce(excluded.kind, kind)),
  outcome = iif(
    load_n = excluded.load_n AND given & 8 AND outcome > excluded.outcome,
    outcome, coalesce(excluded.outcome, outcome)),
  extra = iif(
    load_n = excluded.load_n AND given & 16 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  filed_at = iif(
    load_n = excluded.load_n AND given & 32 AND filed_at > excluded.filed_at,
    filed_at, coalesce(excluded.filed_at, filed_at)),
  decided_at = iif(
    load_n = excluded.load_n AND given & 64 AND decided_at > excluded.decided_at,
    decided_at, coalesce(excluded.decided_at, decided_at)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n
