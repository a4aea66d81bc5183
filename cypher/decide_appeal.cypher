// purpose: keep what was decided on an appeal
// params: n, state, decided_by, decided_at, reason
// returns:
MATCH (x:Appeal {n: $n})
WHERE x.state = 'open'
SET x.state = $state, x.decided_by = $decided_by, x.decided_at = $decided_at, x.reason = $reason
RETURN count(*) AS n
