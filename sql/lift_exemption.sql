-- purpose: take the exemption of a value back
-- params: kind, value, reason, at
-- returns:
UPDATE exemption SET lifted_at = :at, lift_reason = :reason
WHERE kind = :kind AND value = :value AND lifted_at IS NULL
