// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, n, content
MATCH (x:RingVersion)
WHERE x.content IS NOT NULL AND NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.ring_id, x.n, x.content;

UNWIND $rows AS row
MATCH (x:RingVersion {ring_id: row[0], n: row[1]})
SET x.content = row[2]
RETURN count(*) AS n
