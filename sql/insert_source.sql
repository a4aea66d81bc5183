-- purpose: make a source known
-- params: name
-- returns:
INSERT INTO source (name) VALUES (:name) ON CONFLICT (name) DO NOTHING
