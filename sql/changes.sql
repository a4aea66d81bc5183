-- purpose: what became of rings in the runs after one, first events first
-- params: since
-- returns: run_id, at, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
SELECT
  log.run_id, log.finished_at AS at, event.ring_id, event.change, event.ring_ids, event.n_sellers_before,
  event.n_sellers, event.reason
FROM run_log AS since
JOIN run_log AS log ON log.n > since.n
JOIN ring_event AS event ON event.run_id = log.run_id
WHERE since.run_id = :since
ORDER BY log.n, event.position
