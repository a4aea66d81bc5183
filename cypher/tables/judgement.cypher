// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids
MATCH (x:Judgement)
RETURN
  x.n, x.ring_id, x.seller_id, x.verdict, x.reason, x.owner, x.made_at, x.member_ids;

UNWIND $rows AS row
CREATE (:Judgement {
  n: row[0], ring_id: row[1], seller_id: row[2], verdict: row[3], reason: row[4], owner: row[5], made_at: row[6], member_ids: row[7]
})
RETURN count(*) AS n
