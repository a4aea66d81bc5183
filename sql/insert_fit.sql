-- purpose: keep a fit
-- params: digest, n_sellers, tables
-- returns:
INSERT INTO fit (digest, n_sellers, tables) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING
