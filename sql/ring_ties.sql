-- purpose: which rings of the current run share a value; what more than twelve rings share says nothing of any two
-- params:
-- returns: one, other, kind, n_holders, is_hub
WITH shared AS (
  SELECT kind, value FROM ring_value GROUP BY kind, value HAVING count(*) BETWEEN 2 AND 12
)
SELECT one.ring_id AS one, other.ring_id AS other, one.kind, one.n_holders, max(one.is_hub, other.is_hub) AS is_hub
FROM shared
JOIN ring_value AS one ON one.kind = shared.kind AND one.value = shared.value
JOIN ring_value AS other ON other.kind = one.kind AND other.value = one.value AND other.ring_id > one.ring_id
ORDER BY one, other, one.kind, one.value
