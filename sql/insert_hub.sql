-- purpose: keep a hub
-- params: kind, value, n_holders, reason, ground, exempt_as
-- returns:
INSERT INTO hub (kind, value, n_holders, reason, ground, exempt_as) VALUES (?, ?, ?, ?, ?, ?)
