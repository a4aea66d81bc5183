// purpose: how many entries of an action the ledger has since a moment
// params: action, at
// returns: n
MATCH (x:LedgerEntry {action: $action})
WHERE x.at >= $at
RETURN count(*) AS n
