// purpose: make stores that are new
// params: n, seller_n, name, marketplace, url, status, extra, opened_at, closed_at, given, load_n, first_load_n, id, words
// returns:
// key:
UNWIND $rows AS row
MATCH (owner:Holder {n: row[1]})
USING INDEX SEEK owner:Holder(n)
CREATE (owner)-[:OPERATES]->(:Holder:Store {
  n: row[0], name: row[2], marketplace: row[3], url: row[4], status: row[5], extra: row[6], opened_at: row[7],
  closed_at: row[8], given: row[9], load_n: row[10], first_load_n: row[11], id: row[12], words: row[13]
})
RETURN count(*) AS n
