-- purpose: which rings of the current run share a value; what more than twelve rings share says nothing of any two
-- params:
-- returns: one, other, kind, n_holders, is_hub
WITH counted AS (
  SELECT ring_id, kind, value, n_holders, is_hub, count(*) OVER (PARTITION BY kind, value) AS n_rings FROM ring_value
),
shared AS MATERIALIZED (SELECT * FROM counted WHERE n_rings BETWEEN 2 AND 12)
SELECT one.ring_id AS one, other.ring_id AS other, one.kind, one.n_holders, max(one.is_hub, other.is_hub) AS is_hub
FROM shared AS one
CROSS JOIN shared AS other ON other.value = one.value AND other.kind = one.kind AND other.ring_id > one.ring_id
ORDER BY one, other, one.kind, one.value
