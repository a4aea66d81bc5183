// purpose: what a person reads for values that are kept in another form (hashes), of those that are named
// params: pairs
// returns: kind, value, display
UNWIND $pairs AS pair
MATCH (kind:Kind {name: pair[0]})
MATCH (value:Value {kind_n: kind.n, text: pair[1]})
USING INDEX SEEK value:Value(kind_n, text)
WHERE value.display <> value.text
RETURN kind.name AS kind, value.text AS value, value.display AS display
ORDER BY kind, value
