// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: name, value
MATCH (x:Setting)
RETURN
  x.name, x.value;

UNWIND $rows AS row
CREATE (:Setting {
  name: row[0], value: row[1]
})
RETURN count(*) AS n
