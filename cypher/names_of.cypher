// purpose: the name of each holder of a list of numbers
// params: ns
// returns: n, name
// packed: rows
// split: ns
UNWIND $ns AS wanted
MATCH (x:Holder {n: wanted[1]})
USING INDEX SEEK x:Holder(n)
WHERE x.name IS NOT NULL
RETURN collect([x.n, x.name]) AS rows
