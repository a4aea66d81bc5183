// purpose: keep the folded words of the name of a holder, where the index of words finds them
// params: n, words
// returns:
// key: n
UNWIND $rows AS row
MATCH (x:Holder {n: row[0]})
USING INDEX SEEK x:Holder(n)
SET x.words = row[1]
RETURN count(*) AS n
