// purpose: number a writing of a purpose
// params: text
// returns:
// key:
UNWIND $rows AS row
OPTIONAL MATCH (known:Purpose {text: row[0]})
WITH row, known
WHERE known IS NULL
WITH collect(DISTINCT row[0]) AS new
OPTIONAL MATCH (any:Purpose)
WITH new, coalesce(max(any.n), 0) AS last_n
FOREACH (place IN range(0, size(new) - 1) | CREATE (:Purpose {n: last_n + 1 + place, text: new[place]}))
RETURN size($rows) AS n
