-- purpose: keep a run
-- params: run_id, as_of, finished_at, fit_digest, n_sellers, notes
-- returns:
INSERT INTO run (run_id, as_of, finished_at, fit_digest, n_sellers, notes) VALUES (?, ?, ?, ?, ?, ?)
