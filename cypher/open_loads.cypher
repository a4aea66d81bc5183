// purpose: loads that were begun and neither finished nor given up, oldest first
// params:
// returns: source, begun_at
MATCH (load:Load)
WHERE load.state = 'open'
MATCH (source:Source {n: load.source_n})
RETURN source.name AS source, load.begun_at AS begun_at
ORDER BY load.n
