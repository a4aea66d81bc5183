-- purpose: uses that stand, by value then holder; days and purposes as codes
-- params: purposes
-- returns: value_n, holder_n, first_day, last_day, purpose
SELECT
  value_n, holder_n,
  iif(first_seen_at IS NULL, -2147483648, (first_seen_at + 62135596800000000) / 86400000000 - 719162) AS first_day,
  iif(last_seen_at IS NULL, -2147483648, (last_seen_at + 62135596800000000) / 86400000000 - 719162) AS last_day,
  coalesce(instr(:purposes, char(10) || purpose || char(10)), -1) AS purpose
FROM uses
WHERE valid_to IS NULL
ORDER BY value_n, holder_n
