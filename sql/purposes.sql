-- purpose: all writings of purposes
-- params:
-- returns: text
SELECT text FROM purpose ORDER BY text
