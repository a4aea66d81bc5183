// purpose: numbers of the stores whose last decision closed them, ascending
// params:
// returns: n
MATCH (x:LedgerEntry)
WHERE x.store_id IS NOT NULL AND x.state IS NOT NULL
WITH x.store_id AS store_id, max(x.n) AS last_n
MATCH (decided:LedgerEntry {n: last_n})
WHERE decided.state = 'closed'
MATCH (store:Holder {id: store_id})
USING INDEX SEEK store:Holder(id)
RETURN store.n AS n
ORDER BY n
