// purpose: whether each id of a JSON array is a notice: 1 or 0, in its order
// params: ids
// returns: n
// packed: columns
// split: ids
UNWIND $ids AS wanted
OPTIONAL MATCH (x:Notice {notice_id: wanted[1]})
USING INDEX SEEK x:Notice(notice_id)
WITH wanted[0] AS place, CASE WHEN x IS NULL THEN 0 ELSE 1 END AS n
ORDER BY place
RETURN collect(n) AS n
