// purpose: keep a part of what a run found on the way
// params: part, data
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:RunTrace {run_n: run.n, part: row[0], data: row[1]})
RETURN count(*) AS n
