-- purpose: whether each id of a JSON array is a notice: 1 or 0, in its order
-- params: ids
-- returns: n
SELECT notice.notice_id IS NOT NULL AS n
FROM json_each(:ids) AS id
LEFT JOIN notice ON notice.notice_id = id.value
ORDER BY id.key
