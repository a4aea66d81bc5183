// purpose: which acts were done after a number, and the rings that they are about
// params: after
// returns: ring_id, n, act
MATCH (entry:CaseEntry)
WHERE entry.n > $after
MATCH (about:CaseRing {n: entry.n})
RETURN about.ring_id AS ring_id, entry.n AS n, entry.act AS act
ORDER BY n, ring_id
