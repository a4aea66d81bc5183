-- purpose: keep a fact in the database
-- params: name, value
-- returns:
INSERT INTO setting (name, value)
VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
