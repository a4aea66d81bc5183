-- purpose: keep where the map of a run's rings shows each; who writes first is right
-- params: run_id, places
-- returns:
INSERT INTO run_layout (run_id, places) VALUES (:run_id, :places)
ON CONFLICT DO NOTHING
