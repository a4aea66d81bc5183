-- purpose: exemptions in force at a moment
-- params: at
-- returns: kind, value, reason, owner, note, made_at, expires_at
SELECT kind, value, reason, owner, note, made_at, expires_at
FROM exemption
WHERE (lifted_at IS NULL OR lifted_at > :at) AND (expires_at IS NULL OR expires_at > :at)
ORDER BY kind, value
