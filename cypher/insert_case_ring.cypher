// purpose: keep that an entry is about a ring
// params: ring_id, n
// returns:
// key:
UNWIND $rows AS row
CREATE (:CaseRing {ring_id: row[0], n: row[1]})
RETURN count(*) AS n
