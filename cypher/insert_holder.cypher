// purpose: give a holder its number
// params: n, id
// returns:
// key:
UNWIND $rows AS row
CREATE (:Holder {n: row[0], id: row[1]})
RETURN count(*) AS n
