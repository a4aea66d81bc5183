-- purpose: loads that were begun and neither finished nor given up, oldest first
-- params:
-- returns: source, begun_at
SELECT source.name AS source, load.begun_at
FROM load
JOIN source ON source.n = load.source_n
WHERE load.state = 'open'
ORDER BY load.n
