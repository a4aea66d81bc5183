-- purpose: entries of the ledger about the stores of a JSON array of ids, in order
-- params: ids
-- returns: n, at, actor, action, store_id, plan_id, state, body, is_drill, previous, hash
SELECT
  ledger.n, ledger.at, ledger.actor, ledger.action, ledger.store_id, ledger.plan_id, ledger.state, ledger.body,
  ledger.is_drill, ledger.previous, ledger.hash
FROM json_each(:ids) AS id
JOIN ledger ON ledger.store_id = id.value
ORDER BY ledger.n
