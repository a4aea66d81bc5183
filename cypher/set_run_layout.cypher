// purpose: keep where the map of a run's rings shows each; who writes first is right
// params: run_id, places
// returns:
MATCH (log:RunLog {run_id: $run_id})
WHERE log.places IS NULL
SET log.places = $places
RETURN count(*) AS n
