// purpose: let the greatest of the texts by which people read a value stand
// params: display, n, display
// returns:
// key: n
UNWIND $rows AS row
MATCH (value:Value {n: row[1]})
USING INDEX SEEK value:Value(n)
FOREACH (_ IN CASE WHEN coalesce(value.display, value.text) < row[0] THEN [1] ELSE [] END | SET value.display = row[0])
RETURN count(*) AS n
