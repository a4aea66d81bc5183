-- purpose: the kind of each of the values low..high-1, by number, as one text
-- params: low, high
-- returns: kind_n
SELECT group_concat(kind_n) AS kind_n
FROM (SELECT kind_n FROM value WHERE n >= :low AND n < :high ORDER BY n)
