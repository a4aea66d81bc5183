// purpose: wait until all indexes are filled
// params:
// returns:
CALL db.awaitIndexes(3600)
