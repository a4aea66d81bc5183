-- purpose: what became of each of some rings, first events first
-- params: ids
-- returns: run_id, at, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
SELECT
  log.run_id, log.finished_at AS at, event.ring_id, event.change, event.ring_ids, event.n_sellers_before,
  event.n_sellers, event.reason
FROM json_each(:ids) AS asked
JOIN ring_event AS event ON event.ring_id = asked.value
JOIN run_log AS log ON log.run_id = event.run_id
ORDER BY event.ring_id, log.n, event.position
