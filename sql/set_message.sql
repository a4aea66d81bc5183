-- purpose: say what became of a message
-- params: state, n_attempts, next_at, answer, n
-- returns:
UPDATE outbox SET state = ?, n_attempts = ?, next_at = ?, answer = ? WHERE n = ?
