-- purpose: flags and their answers, of one brand or of all, first ones first
-- params: brand_id
-- returns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
SELECT
  n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
FROM casework
WHERE act IN ('flag', 'answer') AND (:brand_id IS NULL OR brand_id = :brand_id)
ORDER BY n
