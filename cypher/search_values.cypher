// purpose: values of some kinds by the start of their text, after one
// params: kinds, low, high, after_kind, after_text, n
// returns: kind, text, label
MATCH (kind:Kind)
WHERE kind.name IN $kinds AND kind.name >= $after_kind
CALL (kind) {
  MATCH (x:Value {kind_n: kind.n})
  WHERE x.text >= $low AND x.text < $high AND (kind.name > $after_kind OR x.text > $after_text)
  RETURN x
  ORDER BY x.text
  LIMIT $n
}
RETURN kind.name AS kind, x.text AS text, coalesce(x.display, x.text) AS label
ORDER BY kind, text
LIMIT $n
