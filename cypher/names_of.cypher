// purpose: the name of each holder of a list of numbers
// params: ns
// returns: n, name
// packed: rows
// split: ns
UNWIND $ns AS n
MATCH (x:Holder {n: n})
WHERE x.name IS NOT NULL
RETURN collect([n, x.name]) AS rows
