-- purpose: what became of one ring, first events first
-- params: ring_id
-- returns: run_id, at, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
SELECT
  log.run_id, log.finished_at AS at, event.ring_id, event.change, event.ring_ids, event.n_sellers_before,
  event.n_sellers, event.reason
FROM ring_event AS event
JOIN run_log AS log ON log.run_id = event.run_id
WHERE event.ring_id = :ring_id
ORDER BY log.n, event.position
