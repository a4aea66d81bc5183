-- purpose: the version of a ring that was in force in a run, named by its place in the log
-- params: ring_id, log_n
-- returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, n, run_id, at, members
SELECT
  version.ring_id, version.tier_rank, version.n_sellers, version.link_score, version.infringement_score, version.n,
  version.run_id, log.finished_at AS at, version.members
FROM ring_version AS version
JOIN run_log AS log ON log.run_id = version.run_id
WHERE version.ring_id = :ring_id AND log.n <= :log_n AND coalesce((
  SELECT event.n_sellers
  FROM ring_event AS event
  JOIN run_log AS past ON past.run_id = event.run_id
  WHERE event.ring_id = :ring_id AND past.n <= :log_n AND (event.n_sellers = 0 OR event.change = 'born')
  ORDER BY past.n DESC
  LIMIT 1
), 1) > 0
ORDER BY version.n DESC
LIMIT 1
