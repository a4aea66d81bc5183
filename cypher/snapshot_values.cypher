// purpose: texts of values of a list of numbers, in its order
// params: ns
// returns: text
// packed: rows
// split: ns
UNWIND $ns AS wanted
MATCH (value:Value {n: wanted[1]})
USING INDEX SEEK value:Value(n)
WITH wanted[0] AS place, value.text AS text
ORDER BY place
RETURN collect([text]) AS rows
