-- purpose: keep a judgement; it is never changed
-- params: ring_id, seller_id, verdict, reason, owner, made_at, member_ids
-- returns: n
INSERT INTO judgement (ring_id, seller_id, verdict, reason, owner, made_at, member_ids)
VALUES (:ring_id, :seller_id, :verdict, :reason, :owner, :made_at, :member_ids)
RETURNING n
