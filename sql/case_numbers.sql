-- purpose: the entries about each of some rings
-- params: ids
-- returns: ring_id, n
SELECT about.ring_id, about.n
FROM json_each(:ids) AS asked
JOIN case_ring AS about ON about.ring_id = asked.value
