// purpose: a load and its source
// params: n
// returns: source_n, source, is_full, state, begun_at
MATCH (load:Load {n: $n})
MATCH (source:Source {n: load.source_n})
RETURN load.source_n AS source_n, source.name AS source, load.is_full AS is_full, load.state AS state, load.begun_at AS begun_at
