// purpose: rings all of whose stores were closed when last told, and which did not return since
// params:
// returns: ring_id
MATCH (event:RingEvent)
WHERE event.change IN ['closed', 'returned']
  AND NOT EXISTS { MATCH (run:Run {run_id: event.run_id}) WHERE run.state = 'draft' }
MATCH (log:RunLog {run_id: event.run_id})
WITH event.ring_id AS ring_id, event.change AS change, log.n AS n, event.position AS position
ORDER BY n DESC, position DESC
WITH ring_id, head(collect(change)) AS change
WHERE change = 'closed'
RETURN ring_id
ORDER BY ring_id
