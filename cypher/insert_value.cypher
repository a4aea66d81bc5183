// purpose: give a value its number
// params: n, kind_n, text, display
// returns:
// key:
UNWIND $rows AS row
MATCH (kind:Kind {n: row[1]})
CREATE (:Value {n: row[0], kind_n: row[1], kind: kind.name, text: row[2], display: row[3]})
RETURN count(*) AS n
