-- purpose: how many sellers there are
-- params:
-- returns: n
SELECT count(*) AS n FROM seller
