-- purpose: kinds met or declared, with the definition of declared ones
-- params:
-- returns: n, name, definition
SELECT n, name, definition FROM kind ORDER BY name
