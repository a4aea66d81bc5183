// purpose: how many nodes there are of any kind, out of the server's own count
// params:
// returns: n
MATCH (x)
RETURN count(x) AS n
