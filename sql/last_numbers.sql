-- purpose: the greatest number given so far in each numbered table
-- params:
-- returns: holder, listing, value
SELECT
  (SELECT coalesce(max(n), 0) FROM holder) AS holder,
  (SELECT coalesce(max(n), 0) FROM listing) AS listing,
  (SELECT coalesce(max(n), 0) FROM value) AS value
