// purpose: the version of the schema; no row where the database is not ours
// params:
// returns: version
MATCH (here:Ringwatch {name: 'schema'})
RETURN here.version AS version
