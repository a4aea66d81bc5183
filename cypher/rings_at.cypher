// purpose: the version of each ring that was in force in a run, named by its place in the log
// params: log_n
// returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, n, run_id, at
MATCH (log:RunLog)
WHERE log.n <= $log_n
WITH collect(log) AS logs
CALL (logs) {
  UNWIND logs AS log
  MATCH (event:RingEvent {run_id: log.run_id})
  WHERE event.n_sellers = 0 OR event.change = 'born'
  WITH event.ring_id AS ring_id, max([log.n, event.n_sellers]) AS last
  WHERE last[1] = 0
  RETURN collect(ring_id) AS gone
}
UNWIND logs AS log
MATCH (version:RingVersion {run_id: log.run_id})
WITH gone, version, log
ORDER BY version.n DESC
WITH gone, version.ring_id AS ring_id, collect(version)[0] AS x, collect(log.finished_at)[0] AS at
WHERE NOT ring_id IN gone
RETURN
  ring_id, x.tier_rank AS tier_rank, x.n_sellers AS n_sellers, x.link_score AS link_score,
  x.infringement_score AS infringement_score, x.n AS n, x.run_id AS run_id, at
ORDER BY ring_id
