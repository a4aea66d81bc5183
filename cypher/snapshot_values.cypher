// purpose: texts of values of a list of numbers, in its order
// params: ns
// returns: text
// packed: rows
// split: ns
UNWIND range(0, size($ns) - 1) AS place
MATCH (value:Value {n: $ns[place]})
WITH place, value.text AS text
ORDER BY place
RETURN collect([text]) AS rows
