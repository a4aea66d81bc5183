// purpose: keep a kind, its definition where it has one
// params: name, definition
// returns:
OPTIONAL MATCH (any:Kind)
WITH coalesce(max(any.n), 0) AS last_n
MERGE (kind:Kind {name: $name})
ON CREATE SET kind.n = last_n + 1
SET kind.definition = coalesce($definition, kind.definition)
RETURN count(*) AS n
