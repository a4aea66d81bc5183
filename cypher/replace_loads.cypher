// purpose: give up loads of a source that never finished
// params: source_n
// returns:
MATCH (load:Load {source_n: $source_n})
WHERE load.state = 'open'
SET load.state = 'replaced'
RETURN count(*) AS n
