-- purpose: all judgements, oldest first
-- params:
-- returns: n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids
SELECT n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids
FROM judgement
ORDER BY n
