// purpose: forget runs that are not current, and what is kept of a run that never became current
// params:
// returns:
MATCH (run:Run)
WHERE run.state <> 'current'
CALL (run) {
  MATCH (x:RingBirth|RunLog|RingEvent|RingVersion {run_id: run.run_id})
  WHERE run.state = 'draft'
  RETURN collect(x) AS unborn
}
FOREACH (x IN unborn | DELETE x)
DELETE run
RETURN count(*) AS n
