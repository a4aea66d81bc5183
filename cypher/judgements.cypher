// purpose: all judgements, oldest first
// params:
// returns: n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids
MATCH (x:Judgement)
RETURN
  x.n AS n, x.ring_id AS ring_id, x.seller_id AS seller_id, x.verdict AS verdict, x.reason AS reason, x.owner AS owner,
  x.made_at AS made_at, x.member_ids AS member_ids
ORDER BY n
