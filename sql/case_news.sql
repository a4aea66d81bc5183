-- purpose: which acts were done after a number, and the rings that they are about
-- params: after
-- returns: ring_id, n, act
SELECT about.ring_id, entry.n, entry.act
FROM casework AS entry
JOIN case_ring AS about ON about.n = entry.n
WHERE entry.n > :after
ORDER BY entry.n, about.ring_id
