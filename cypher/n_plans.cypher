// purpose: how many plans were ever kept
// params:
// returns: n
MATCH (x:Plan)
RETURN count(*) AS n
