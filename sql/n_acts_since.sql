-- purpose: how many entries of an action the ledger has since a moment
-- params: action, at
-- returns: n
SELECT count(*) AS n FROM ledger WHERE action = :action AND at >= :at
