// purpose: take the exemption of a value back
// params: kind, value, reason, at
// returns:
MATCH (x:Exemption {in_force: $kind + '\n' + $value})
SET x.lifted_at = $at, x.lift_reason = $reason, x.in_force = null
RETURN count(*) AS n
