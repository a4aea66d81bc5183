-- purpose: values of some kinds by the start of their text, after one
-- params: kinds, low, high, after_kind, after_text, n
-- returns: kind, text, label
SELECT kind.name AS kind, value.text, coalesce(value.display, value.text) AS label
FROM kind
JOIN value ON value.kind_n = kind.n AND value.text >= :low AND value.text < :high
WHERE kind.name IN (SELECT value FROM json_each(:kinds))
  AND (kind.name, value.text) > (:after_kind, :after_text)
ORDER BY kind.name, value.text
LIMIT :n
