// purpose: retire uses of a source that its full load no longer had
// params: load_n, at
// returns:
MATCH (load:Load {n: $load_n})
WITH load.source_n AS source_n
MATCH (:Holder)-[x:USES]->(:Value)
WHERE x.valid_to IS NULL AND x.load_n < $load_n AND x.source_n = source_n
SET x.valid_to = $at
RETURN count(*) AS n
