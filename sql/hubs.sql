-- purpose: values of the current run that join nothing, most holders first
-- params:
-- returns: kind, value, n_holders, reason, ground, exempt_as
SELECT kind, value, n_holders, reason, ground, exempt_as
FROM hub
ORDER BY n_holders DESC, kind, value
