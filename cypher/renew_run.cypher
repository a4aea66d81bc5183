// purpose: make a run the current one whose rings are, but for what changed, those of the run before
// params: run_id, former_id, as_of, finished_at, n_sellers, notes
// returns:
MATCH (run:Run {run_id: $former_id})
WHERE run.state = 'current'
SET run.run_id = $run_id, run.state = 'draft', run.as_of = $as_of, run.finished_at = $finished_at,
  run.n_sellers = $n_sellers, run.notes = $notes
RETURN count(*) AS n
