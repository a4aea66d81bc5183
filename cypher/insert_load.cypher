// purpose: begin a load
// params: source_n, is_full, begun_at
// returns: n
OPTIONAL MATCH (any:Load)
WITH coalesce(max(any.n), 0) AS last_n
CREATE (load:Load {n: last_n + 1, source_n: $source_n, is_full: $is_full, state: 'open', begun_at: $begun_at})
RETURN load.n AS n
