// purpose: all facts kept in the database
// params:
// returns: name, value
MATCH (setting:Setting)
RETURN setting.name AS name, setting.value AS value
ORDER BY name
