-- purpose: keep a hub
-- params: kind, value, n_holders, reason
-- returns:
INSERT INTO hub (kind, value, n_holders, reason) VALUES (?, ?, ?, ?)
