// purpose: the number of a source
// params: name
// returns: n
MATCH (source:Source {name: $name})
RETURN source.n AS n
