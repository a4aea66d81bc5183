// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: run_id, places
MATCH (x:RunLog)
WHERE x.places IS NOT NULL AND NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.run_id, x.places;

UNWIND $rows AS row
MATCH (x:RunLog {run_id: row[0]})
SET x.places = row[1]
RETURN count(*) AS n
