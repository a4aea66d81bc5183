// purpose: keep a fit
// params: digest, n_sellers, tables
// returns:
// key: digest
UNWIND $rows AS row
MERGE (fit:Fit {digest: row[0]})
ON CREATE SET fit.n_sellers = row[1], fit.tables = row[2]
RETURN count(*) AS n
