-- purpose: the evidence of members of a ring (all where seller_ids is null), in the order in which it was kept
-- params: ring_id, seller_ids
-- returns: seller_id, kind, family, value, n_holders, score, holders
SELECT
  evidence.seller_id, evidence.kind, evidence.family, evidence.value, evidence.n_holders, evidence.score,
  evidence_holders.seller_ids AS holders
FROM evidence
JOIN evidence_holders ON evidence_holders.n = evidence.holders_n
WHERE evidence.ring_id = :ring_id
  AND (:seller_ids IS NULL OR evidence.seller_id IN (SELECT value FROM json_each(:seller_ids)))
ORDER BY evidence.seller_id, evidence.position
