// purpose: retire what a source gave last and its full load no longer had
// params: load_n, at
// returns:
MATCH (load:Load {n: $load_n})
MATCH (own:Load {source_n: load.source_n})
WITH collect(own.n) AS own_ns
MATCH (x:Store)
WHERE x.valid_to IS NULL AND x.load_n < $load_n AND x.load_n IN own_ns
SET x.valid_to = $at
RETURN count(*) AS n
