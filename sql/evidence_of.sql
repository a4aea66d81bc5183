-- purpose: the evidence of members, a JSON array of [ring_id, seller_id], in the order in which it was kept
-- params: members
-- returns: ring_id, seller_id, kind, family, value, n_holders, score
SELECT
  evidence.ring_id, evidence.seller_id, evidence.kind, evidence.family, evidence.value, evidence.n_holders,
  evidence.score
FROM json_each(:members) AS wanted
JOIN evidence
  ON evidence.ring_id = json_extract(wanted.value, '$[0]') AND evidence.seller_id = json_extract(wanted.value, '$[1]')
ORDER BY evidence.ring_id, evidence.seller_id, evidence.position
