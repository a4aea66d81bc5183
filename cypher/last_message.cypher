// purpose: the number of the last message, 0 where there is none
// params:
// returns: n
MATCH (x:OutboxMessage)
RETURN coalesce(max(x.n), 0) AS n
