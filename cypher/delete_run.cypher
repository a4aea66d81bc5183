// purpose: forget runs that are not current, and the ring ids that a run gave which never became current
// params:
// returns:
MATCH (run:Run)
WHERE run.state <> 'current'
OPTIONAL MATCH (birth:RingBirth {run_id: run.run_id})
WITH run, CASE run.state WHEN 'draft' THEN collect(birth) ELSE [] END AS unborn
FOREACH (birth IN unborn | DELETE birth)
DELETE run
RETURN count(*) AS n
