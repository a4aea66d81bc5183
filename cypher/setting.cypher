// purpose: a fact kept in the database
// params: name
// returns: value
MATCH (setting:Setting {name: $name})
RETURN setting.value AS value
