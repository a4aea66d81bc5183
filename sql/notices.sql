-- purpose: notices, loaded or filed here, those that are due first (no moment: last), from a place in that order on
-- params: notice_ids, state, brand_id, due_before, period, after_due, after_id, n
-- returns: notice_id, brand_id, listing_id, store_id, kind, state, filed_at, due_at, duplicate_of, is_throttled, text, text_digest, digests, reason, is_loaded
-- notice_ids: JSON array, null for all; period: from filing to the moment when a loaded one is due.
WITH dated AS (
  SELECT *, coalesce(due_at, filed_at + :period) AS due, coalesce(due_at, filed_at + :period, 1 << 62) AS place
  FROM standing_notice
)

SELECT
  notice.notice_id, notice.brand_id, listing.listing_id, coalesce(own.id, of_listing.id) AS store_id,
  coalesce(notice.kind, 'notice') AS kind, notice.state, notice.filed_at, notice.due AS due_at, notice.duplicate_of,
  notice.is_throttled, notice.text, notice.text_digest, notice.digests, notice.reason, notice.is_loaded
FROM dated AS notice
LEFT JOIN listing ON listing.n = notice.listing_n
LEFT JOIN holder AS of_listing ON of_listing.n = listing.store_n
LEFT JOIN holder AS own ON own.n = notice.store_n
WHERE (:notice_ids IS NULL OR notice.notice_id IN (SELECT value FROM json_each(:notice_ids)))
  AND (:state IS NULL OR notice.state = :state)
  AND (:brand_id IS NULL OR notice.brand_id = :brand_id)
  AND (:due_before IS NULL OR (notice.due < :due_before AND notice.state = 'filed'))
  AND (:after_id IS NULL OR (notice.place, notice.notice_id) > (:after_due, :after_id))
ORDER BY notice.place, notice.notice_id
LIMIT :n
