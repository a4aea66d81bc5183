// purpose: kinds met or declared, with the definition of declared ones
// params:
// returns: n, name, definition
MATCH (kind:Kind)
RETURN kind.n AS n, kind.name AS name, kind.definition AS definition
ORDER BY name
