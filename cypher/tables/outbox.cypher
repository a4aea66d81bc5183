// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer
MATCH (x:OutboxMessage)
RETURN
  x.n, x.key, x.plan_id, x.store_id, x.action, x.body, x.state, x.n_attempts, x.next_at, x.answer;

UNWIND $rows AS row
CREATE (:OutboxMessage {
  n: row[0], key: row[1], plan_id: row[2], store_id: row[3], action: row[4], body: row[5], state: row[6],
  n_attempts: row[7], next_at: row[8], answer: row[9]
})
RETURN count(*) AS n
