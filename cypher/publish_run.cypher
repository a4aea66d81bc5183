// purpose: make a run that is written whole the current one
// params: run_id
// returns:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
OPTIONAL MATCH (former:Run {state: 'current'})
SET former.state = 'former', run.state = 'current'
RETURN count(*) AS n
