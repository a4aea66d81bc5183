-- purpose: make a run the current one whose rings are, but for what changed, those of the run before
-- params: run_id, former_id, as_of, finished_at, n_sellers, notes
-- returns:
UPDATE run
SET run_id = :run_id, as_of = :as_of, finished_at = :finished_at, n_sellers = :n_sellers, notes = :notes
WHERE run_id = :former_id
