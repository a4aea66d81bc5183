// purpose: say what became of a message
// params: state, n_attempts, next_at, answer, n
// returns:
// key: n
UNWIND $rows AS row
MATCH (x:OutboxMessage {n: row[4]})
SET x.state = row[0], x.n_attempts = row[1], x.next_at = row[2], x.answer = row[3]
RETURN count(*) AS n
