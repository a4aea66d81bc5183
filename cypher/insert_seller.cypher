// purpose: make sellers that are new
// params: n, name, legal_name, country, status, extra, registered_at, given, load_n, first_load_n, id, words
// returns:
// key:
UNWIND $rows AS row
CREATE (:Holder:Seller {
  n: row[0], name: row[1], legal_name: row[2], country: row[3], status: row[4], extra: row[5], registered_at: row[6],
  given: row[7], load_n: row[8], first_load_n: row[9], id: row[10], words: row[11]
})
RETURN count(*) AS n
