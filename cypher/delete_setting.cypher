// purpose: forget a fact
// params: name
// returns:
MATCH (setting:Setting {name: $name})
DELETE setting
RETURN count(*) AS n
