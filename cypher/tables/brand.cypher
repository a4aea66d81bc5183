// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: brand_id, name, aliases, extra, member_since, given, load_n, first_load_n
MATCH (x:Brand)
RETURN
  x.brand_id, x.name, x.aliases, x.extra, x.member_since, x.given, x.load_n, x.first_load_n;

UNWIND $rows AS row
CREATE (:Brand {
  brand_id: row[0], name: row[1], aliases: row[2], extra: row[3], member_since: row[4], given: row[5],
  load_n: row[6], first_load_n: row[7]
})
RETURN count(*) AS n
