// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: notice_id, brand_id, number, listing_id, store_id, kind, text, text_digest, digests, duplicate_of, is_repeat, is_throttled, filed_at
MATCH (x:Filing)
RETURN
  x.notice_id, x.brand_id, x.number, x.listing_id, x.store_id, x.kind, x.text, x.text_digest, x.digests, x.duplicate_of,
  x.is_repeat, x.is_throttled, x.filed_at;

UNWIND $rows AS row
CREATE (:Filing {
  notice_id: row[0], brand_id: row[1], number: row[2], listing_id: row[3], store_id: row[4], kind: row[5], text: row[6],
  text_digest: row[7], digests: row[8], duplicate_of: row[9], is_repeat: row[10], is_throttled: row[11],
  filed_at: row[12]
})
RETURN count(*) AS n
