// purpose: keep an appeal
// params: n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason
// returns:
// key:
UNWIND $rows AS row
CREATE (:Appeal {
  n: row[0], store_id: row[1], plan_id: row[2], text: row[3], opened_by: row[4], opened_at: row[5], state: row[6],
  decided_by: row[7], decided_at: row[8], reason: row[9]
})
RETURN count(*) AS n
