-- purpose: values that members of a ring share, in the order in which they were kept
-- params: ring_id
-- returns: kind, family, value, n_holders, is_hub
SELECT kind, family, value, n_holders, is_hub
FROM ring_value
WHERE ring_id = :ring_id
ORDER BY position
