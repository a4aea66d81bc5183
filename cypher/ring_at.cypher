// purpose: the version of a ring that was in force in a run, named by its place in the log
// params: ring_id, log_n
// returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, n, run_id, at, members
OPTIONAL MATCH (event:RingEvent {ring_id: $ring_id})
WHERE event.n_sellers = 0 OR event.change = 'born'
OPTIONAL MATCH (past:RunLog {run_id: event.run_id})
WHERE past.n <= $log_n
WITH max(CASE WHEN past IS NOT NULL THEN [past.n, event.n_sellers] END) AS last
WHERE last IS NULL OR last[1] > 0
MATCH (version:RingVersion {ring_id: $ring_id})
WHERE version.n IS NOT NULL
MATCH (log:RunLog {run_id: version.run_id})
WHERE log.n <= $log_n
RETURN
  version.ring_id AS ring_id, version.tier_rank AS tier_rank, version.n_sellers AS n_sellers,
  version.link_score AS link_score, version.infringement_score AS infringement_score, version.n AS n,
  version.run_id AS run_id, log.finished_at AS at, version.members AS members
ORDER BY n DESC
LIMIT 1
