-- purpose: keep a value that members share
-- params: ring_id, position, kind, family, value, n_holders, is_hub
-- returns:
INSERT INTO ring_value (ring_id, position, kind, family, value, n_holders, is_hub) VALUES (?, ?, ?, ?, ?, ?, ?)
