// purpose: keep what a ring rests on, where the run made a new version of it
// params: ring_id, run_id, content
// returns:
// key: ring_id
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
OPTIONAL MATCH (x:RingVersion {ring_id: row[0]})
WHERE x.n IS NOT NULL AND x.run_id = row[1]
SET x.content = row[2]
RETURN count(*) AS n
