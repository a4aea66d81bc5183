-- purpose: all writings of purposes
-- params:
-- returns: n, text
SELECT n, text FROM purpose ORDER BY n
