// purpose: all writings of purposes
// params:
// returns: n, text
MATCH (purpose:Purpose)
RETURN purpose.n AS n, purpose.text AS text
ORDER BY n
