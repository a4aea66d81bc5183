-- purpose: keep where the picture of a version of a ring shows what; who writes first is right
-- params: ring_id, n, places
-- returns:
INSERT INTO ring_layout (ring_id, n, places)
VALUES (:ring_id, :n, :places)
ON CONFLICT DO NOTHING
