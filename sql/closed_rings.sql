-- purpose: rings all of whose stores were closed when last told, and which did not return since
-- params:
-- returns: ring_id
SELECT ring_id
FROM (
  SELECT
    event.ring_id, event.change,
    row_number() OVER (PARTITION BY event.ring_id ORDER BY log.n DESC, event.position DESC) AS place
  FROM ring_event AS event
  JOIN run_log AS log ON log.run_id = event.run_id
  WHERE event.change IN ('closed', 'returned')
)
WHERE place = 1 AND change = 'closed'
ORDER BY ring_id
