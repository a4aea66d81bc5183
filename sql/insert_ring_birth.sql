-- purpose: remember which run gave a ring id first
-- params: ring_id, run_id, born_at
-- returns:
INSERT INTO ring_birth (ring_id, run_id, born_at) VALUES (?, ?, ?) ON CONFLICT (ring_id) DO NOTHING
