-- purpose: the current run
-- params:
-- returns: run_id, as_of, finished_at, fit_digest, n_sellers
SELECT run_id, as_of, finished_at, fit_digest, n_sellers FROM run
