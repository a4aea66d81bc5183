-- purpose: numbers of the stores whose last decision closed them, ascending
-- params:
-- returns: n
-- The state beside max() is that of the entry with the greatest number.
SELECT holder.n
FROM (
  SELECT store_id, state, max(n) AS last_n
  FROM ledger
  WHERE store_id IS NOT NULL AND state IS NOT NULL
  GROUP BY store_id
) AS decided
JOIN holder ON holder.id = decided.store_id
WHERE decided.state = 'closed'
ORDER BY holder.n
