// purpose: what became of each of some rings, first events first
// params: ids
// returns: run_id, at, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
UNWIND $ids AS id
MATCH (event:RingEvent {ring_id: id})
WHERE NOT EXISTS { MATCH (run:Run {run_id: event.run_id}) WHERE run.state = 'draft' }
MATCH (log:RunLog {run_id: event.run_id})
RETURN
  log.run_id AS run_id, log.finished_at AS at, event.ring_id AS ring_id, event.change AS change,
  event.ring_ids AS ring_ids, event.n_sellers_before AS n_sellers_before, event.n_sellers AS n_sellers,
  event.reason AS reason
ORDER BY ring_id, log.n, event.position
