-- purpose: rings of sellers of a JSON array of ids; the surest membership of each
-- params: ids
-- returns: seller_id, ring_id
SELECT seller_id, ring_id
FROM (
  SELECT
    member.seller_id, member.ring_id,
    row_number() OVER (PARTITION BY member.seller_id ORDER BY member.link_score DESC, member.ring_id) AS place
  FROM json_each(:ids) AS id
  JOIN member ON member.seller_id = id.value
)
WHERE place = 1
