-- purpose: the n values that speak loudest for each ring of a JSON array of ids, summed over the members
-- params: ids, n
-- returns: ring_id, kind, family, value, n_holders, score
SELECT ring_id, kind, family, value, n_holders, score
FROM (
  SELECT
    evidence.ring_id, evidence.kind, max(evidence.family) AS family, evidence.value,
    max(evidence.n_holders) AS n_holders, sum(evidence.score) AS score,
    row_number() OVER (
      PARTITION BY evidence.ring_id ORDER BY sum(evidence.score) DESC, evidence.kind, evidence.value
    ) AS place
  FROM json_each(:ids) AS id
  JOIN evidence ON evidence.ring_id = id.value
  WHERE evidence.value <> ''
  GROUP BY evidence.ring_id, evidence.kind, evidence.value
)
WHERE place <= :n
ORDER BY ring_id, place
