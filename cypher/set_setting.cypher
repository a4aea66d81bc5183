// purpose: keep a fact in the database
// params: name, value
// returns:
MERGE (setting:Setting {name: $name})
SET setting.value = $value
RETURN count(*) AS n
