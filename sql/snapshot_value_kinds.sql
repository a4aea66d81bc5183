-- purpose: the kind of every value, by number
-- params:
-- returns: n, kind_n
SELECT n, kind_n FROM value ORDER BY n
