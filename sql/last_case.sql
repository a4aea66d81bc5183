-- purpose: the number of the newest entry of casework, 0 where there is none
-- params:
-- returns: n
SELECT coalesce(max(n), 0) AS n FROM casework
