-- purpose: how many plans were ever kept
-- params:
-- returns: n
SELECT count(*) AS n FROM plan
