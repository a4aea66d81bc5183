// purpose: values of the current run that join nothing, most holders first
// params:
// returns: kind, value, n_holders, reason, ground, exempt_as
MATCH (x:Hub {run_n: $run_n})
WHERE x.kind IS NOT NULL AND x.value IS NOT NULL
RETURN
  x.kind AS kind, x.value AS value, x.n_holders AS n_holders, x.reason AS reason, coalesce(x.ground, 'hub') AS ground,
  coalesce(x.exempt_as, '') AS exempt_as
ORDER BY n_holders DESC, kind, value
