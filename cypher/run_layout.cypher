// purpose: the newest map that is kept of the runs up to one
// params: log_n
// returns: run_id, places
MATCH (log:RunLog)
WHERE log.n <= $log_n AND log.places IS NOT NULL
RETURN log.run_id AS run_id, log.places AS places
ORDER BY log.n DESC
LIMIT 1
