-- purpose: keep a notice that was filed
-- params: notice_id, brand_id, number, listing_id, store_id, kind, text, text_digest, digests, duplicate_of, is_repeat, is_throttled, filed_at
-- returns:
INSERT INTO filing (
  notice_id, brand_id, number, listing_id, store_id, kind, text, text_digest, digests, duplicate_of, is_repeat,
  is_throttled, filed_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
