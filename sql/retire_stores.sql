-- purpose: retire what a source gave last and its full load no longer had
-- params: load_n, at
-- returns:
UPDATE store SET valid_to = :at
WHERE valid_to IS NULL
  AND load_n < :load_n
  AND load_n IN (
    SELECT n FROM load WHERE source_n = (SELECT source_n FROM load WHERE n = :load_n)
  )
