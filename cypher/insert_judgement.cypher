// purpose: keep a judgement; it is never changed
// params: ring_id, seller_id, verdict, reason, owner, made_at, member_ids
// returns: n
OPTIONAL MATCH (any:Judgement)
WITH coalesce(max(any.n), 0) AS last_n
CREATE (judgement:Judgement {
  n: last_n + 1, ring_id: $ring_id, seller_id: $seller_id, verdict: $verdict, reason: $reason, owner: $owner,
  made_at: $made_at, member_ids: $member_ids
})
RETURN judgement.n AS n
