-- purpose: rings by the start of their id, after one
-- params: low, high, after, n
-- returns: id, label
SELECT ring_id AS id, ring_id AS label
FROM ring
WHERE ring_id >= :low AND ring_id < :high AND ring_id > :after
ORDER BY ring_id
LIMIT :n
