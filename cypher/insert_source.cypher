// purpose: make a source known
// params: name
// returns:
OPTIONAL MATCH (any:Source)
WITH coalesce(max(any.n), 0) AS last_n
MERGE (source:Source {name: $name})
ON CREATE SET source.n = last_n + 1
RETURN count(*) AS n
