// purpose: forget the members of a ring that changed
// params: ring_id
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
OPTIONAL MATCH (:Ring {run_n: run.n, ring_id: row[0]})<-[m:MEMBER_OF]-(:Seller)
DELETE m
RETURN count(DISTINCT row[0]) AS n
