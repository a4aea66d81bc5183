// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, run_id, born_at
MATCH (x:RingBirth)
WHERE NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.ring_id, x.run_id, x.born_at;

UNWIND $rows AS row
CREATE (:RingBirth {
  ring_id: row[0], run_id: row[1], born_at: row[2]
})
RETURN count(*) AS n
