-- purpose: retire uses of a source that its full load no longer had
-- params: load_n, at
-- returns:
UPDATE uses SET valid_to = :at
WHERE valid_to IS NULL
  AND load_n < :load_n
  AND source_n = (SELECT source_n FROM load WHERE n = :load_n)
