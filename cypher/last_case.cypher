// purpose: the number of the newest entry of casework, 0 where there is none
// params:
// returns: n
MATCH (x:CaseEntry)
RETURN coalesce(max(x.n), 0) AS n
