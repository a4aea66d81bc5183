-- purpose: keep that an entry is about a ring
-- params: ring_id, n
-- returns:
INSERT INTO case_ring (ring_id, n) VALUES (?, ?)
