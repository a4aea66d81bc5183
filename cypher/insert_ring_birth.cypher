// purpose: remember which run gave a ring id first
// params: ring_id, run_id, born_at
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
MERGE (birth:RingBirth {ring_id: row[0]})
ON CREATE SET birth.run_id = row[1], birth.born_at = row[2]
RETURN count(*) AS n
