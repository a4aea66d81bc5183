// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at
MATCH (x:CaseEntry)
RETURN
  x.n, x.act, x.ring_id, x.seller_id, x.listing_id, x.kind, x.value, x.actor, x.brand_id, x.said, x.text, x.assignee,
  x.answers, x.made_at;

UNWIND $rows AS row
CREATE (:CaseEntry {
  n: row[0], act: row[1], ring_id: row[2], seller_id: row[3], listing_id: row[4], kind: row[5], value: row[6],
  actor: row[7], brand_id: row[8], said: row[9], text: row[10], assignee: row[11], answers: row[12], made_at: row[13]
})
RETURN count(*) AS n
