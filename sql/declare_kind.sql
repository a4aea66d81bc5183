-- purpose: keep a kind, its definition where it has one
-- params: name, definition
-- returns:
INSERT INTO kind (name, definition)
VALUES (:name, :definition)
ON CONFLICT (name) DO UPDATE SET definition = coalesce(excluded.definition, definition)
