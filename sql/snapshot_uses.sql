-- purpose: uses that stand of the values low..high-1, packed: of each use the numbers named_use and seen_use
-- params: low, high
-- returns: named_use, seen_use
-- Text is the cheapest way of many integers out of SQLite, and the fewer the cheaper, hence two for each use:
--   named_use = value_n - low (16 bits), holder_n (31 bits)
--   seen_use  = first day (22 bits), last day (22 bits), purpose_n (19 bits); days since the year 1, all ones: unknown
SELECT
  group_concat(((value_n - :low) << 31) | holder_n) AS named_use,
  group_concat(
    (ifnull((first_seen_at + 62135596800000000) / 86400000000, 4194303) << 41)
      | (ifnull((last_seen_at + 62135596800000000) / 86400000000, 4194303) << 19)
      | ifnull(purpose_n, 0)
  ) AS seen_use
FROM uses
WHERE value_n >= :low AND value_n < :high AND valid_to IS NULL
