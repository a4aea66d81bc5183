// purpose: add an entry to the end of the ledger
// params: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
// returns:
// key:
UNWIND $rows AS row
CREATE (:LedgerEntry {
  n: row[0], at: row[1], actor: row[2], action: row[3], store_id: row[4], plan_id: row[5], state: row[6],
  body: row[7], is_drill: row[8], previous: row[9], hash: row[10]
})
RETURN count(*) AS n
