-- purpose: the first n members of each ring of a JSON array of ids; the n-th of a ring is found by its key alone
-- params: ids, n
-- returns: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
SELECT
  member.ring_id, member.seller_id, member.tier_rank, member.role, member.link_score, member.log_odds,
  member.infringement_score, member.is_fragile, member.why_not_closer
FROM (
  SELECT
    id.value AS ring_id,
    (
      SELECT last.seller_id FROM member AS last
      WHERE last.ring_id = id.value ORDER BY last.seller_id LIMIT 1 OFFSET :n - 1
    ) AS last_id
  FROM json_each(:ids) AS id
) AS wanted
JOIN member ON member.ring_id = wanted.ring_id AND (wanted.last_id IS NULL OR member.seller_id <= wanted.last_id)
ORDER BY member.ring_id, member.seller_id
