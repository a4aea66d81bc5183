-- purpose: say how many hold each of some values now, a JSON array of [kind, value, n_holders]
-- params: counts
-- returns:
UPDATE evidence
SET n_holders = counted.n_holders
FROM (
  SELECT value ->> 0 AS kind, value ->> 1 AS value, value ->> 2 AS n_holders FROM json_each(:counts)
) AS counted
WHERE evidence.kind = counted.kind AND evidence.value = counted.value
