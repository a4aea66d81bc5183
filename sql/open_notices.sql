-- purpose: the notices of a brand that nobody decided, filed ones before loaded ones, first ones first
-- params: brand_id
-- returns: notice_id, listing_id, store_id, kind, is_loaded
SELECT notice.notice_id, listing.listing_id, holder.id AS store_id, coalesce(notice.kind, 'notice') AS kind, notice.is_loaded
FROM standing_notice AS notice
LEFT JOIN listing ON listing.n = notice.listing_n
LEFT JOIN holder ON holder.n = notice.store_n
WHERE notice.brand_id = :brand_id AND notice.state = 'filed' AND NOT notice.is_repeat
ORDER BY notice.is_loaded, notice.filed_at, notice.notice_id
