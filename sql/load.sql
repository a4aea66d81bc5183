-- purpose: a load and its source
-- params: n
-- returns: source_n, source, is_full, state, begun_at
SELECT load.source_n, source.name AS source, load.is_full, load.state, load.begun_at
FROM load
JOIN source ON source.n = load.source_n
WHERE load.n = :n
