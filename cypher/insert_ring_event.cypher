// purpose: remember what became of a ring in a run
// params: run_id, position, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:RingEvent {
  run_id: row[0], position: row[1], ring_id: row[2], change: row[3], ring_ids: row[4], n_sellers_before: row[5],
  n_sellers: row[6], reason: row[7]
})
RETURN count(*) AS n
