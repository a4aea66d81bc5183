// purpose: keep the version of the schema
// params: version
// returns:
MERGE (here:Ringwatch {name: 'schema'})
SET here.version = $version
RETURN count(*) AS n
