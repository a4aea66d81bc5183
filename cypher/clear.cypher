// purpose: delete everything but the version of the schema; in transactions of the server's own
// params:
// returns:
MATCH (x)
WHERE NOT x:Ringwatch
CALL (x) { DETACH DELETE x } IN TRANSACTIONS OF 10000 ROWS
