// purpose: the current run
// params:
// returns: run_id, as_of, finished_at, fit_digest, n_sellers
MATCH (run:Run {n: $run_n})
RETURN run.run_id AS run_id, run.as_of AS as_of, run.finished_at AS finished_at, run.fit_digest AS fit_digest, run.n_sellers AS n_sellers
