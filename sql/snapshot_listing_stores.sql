-- purpose: the store of each of the listings low..high-1, by number, as one text
-- params: low, high
-- returns: store_n
SELECT group_concat(store_n) AS store_n
FROM (SELECT store_n FROM listing WHERE n >= :low AND n < :high ORDER BY n)
