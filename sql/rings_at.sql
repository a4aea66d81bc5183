-- purpose: the version of each ring that was in force in a run, named by its place in the log
-- params: log_n
-- returns: ring_id, tier_rank, n_sellers, link_score, infringement_score, n, run_id, at
WITH latest AS (
  SELECT version.ring_id, max(version.n) AS n
  FROM ring_version AS version
  JOIN run_log AS log ON log.run_id = version.run_id
  WHERE log.n <= :log_n
  GROUP BY version.ring_id
), fate AS (
  SELECT event.ring_id, event.n_sellers, max(log.n)
  FROM ring_event AS event
  JOIN run_log AS log ON log.run_id = event.run_id
  WHERE log.n <= :log_n AND (event.n_sellers = 0 OR event.change = 'born')
  GROUP BY event.ring_id
)
SELECT
  version.ring_id, version.tier_rank, version.n_sellers, version.link_score, version.infringement_score, version.n,
  version.run_id, log.finished_at AS at
FROM latest
JOIN ring_version AS version ON version.ring_id = latest.ring_id AND version.n = latest.n
JOIN run_log AS log ON log.run_id = version.run_id
LEFT JOIN fate ON fate.ring_id = version.ring_id
WHERE coalesce(fate.n_sellers, 1) > 0
ORDER BY version.ring_id
