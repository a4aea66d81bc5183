-- purpose: all facts kept in the database
-- params:
-- returns: name, value
SELECT name, value FROM setting ORDER BY name
