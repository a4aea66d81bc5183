-- purpose: remember that a run was, after all those before it
-- params: run_id, finished_at, fit_digest, n_sellers, n_rings
-- returns:
INSERT INTO run_log (run_id, finished_at, fit_digest, n_sellers, n_rings) VALUES (?, ?, ?, ?, ?)
