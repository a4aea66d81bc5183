-- purpose: a fact kept in the database
-- params: name
-- returns: value
SELECT value FROM setting WHERE name = :name
