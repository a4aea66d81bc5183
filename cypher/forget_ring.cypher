// purpose: forget the rows of a ring that changed
// params: ring_id
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
OPTIONAL MATCH (x:Ring {run_n: run.n, ring_id: row[0]})
DETACH DELETE x
RETURN count(DISTINCT row[0]) AS n
