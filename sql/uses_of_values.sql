-- purpose: uses that stand of the values of a JSON array of numbers; days since 1970, unknown ones as a snapshot has them
-- params: ns
-- returns: value_n, holder_n, first_day, last_day, purpose_n
SELECT
  uses.value_n,
  uses.holder_n,
  ifnull((first_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648) AS first_day,
  ifnull((last_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648) AS last_day,
  ifnull(purpose_n, 0) AS purpose_n
FROM json_each(:ns) AS wanted
JOIN uses ON uses.value_n = wanted.value
WHERE uses.valid_to IS NULL
