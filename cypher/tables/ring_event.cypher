// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: run_id, position, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
MATCH (x:RingEvent)
WHERE NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.run_id, x.position, x.ring_id, x.change, x.ring_ids, x.n_sellers_before, x.n_sellers, x.reason;

UNWIND $rows AS row
CREATE (:RingEvent {
  run_id: row[0], position: row[1], ring_id: row[2], change: row[3], ring_ids: row[4], n_sellers_before: row[5], n_sellers: row[6], reason: row[7]
})
RETURN count(*) AS n
