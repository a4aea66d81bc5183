// purpose: the kind of each of the values low..high-1, by number
// params: low, high
// returns: kind_n
// packed: columns
// slices: value
MATCH (value:Value)
WHERE value.n >= $low AND value.n < $high
WITH value
ORDER BY value.n
RETURN collect(value.kind_n) AS kind_n
