// purpose: a run that was, also one that is forgotten
// params: run_id
// returns: n, run_id, at
MATCH (log:RunLog {run_id: $run_id})
WHERE NOT EXISTS { MATCH (run:Run {run_id: log.run_id}) WHERE run.state = 'draft' }
RETURN log.n AS n, log.run_id AS run_id, log.finished_at AS at
