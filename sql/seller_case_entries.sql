-- purpose: what was said of a seller and of its listings, first entries first
-- params: seller_id
-- returns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
SELECT
  n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
FROM casework
WHERE seller_id = :seller_id AND seller_id <> ''
ORDER BY n
