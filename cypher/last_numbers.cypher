// purpose: the greatest number given so far in each numbered table
// params:
// returns: holder, listing, value
RETURN
  coalesce(head(COLLECT { MATCH (x:Holder) WHERE x.n > 0 RETURN x.n ORDER BY x.n DESC LIMIT 1 }), 0) AS holder,
  coalesce(head(COLLECT { MATCH (x:Listing) WHERE x.n > 0 RETURN x.n ORDER BY x.n DESC LIMIT 1 }), 0) AS listing,
  coalesce(head(COLLECT { MATCH (x:Value) WHERE x.n > 0 RETURN x.n ORDER BY x.n DESC LIMIT 1 }), 0) AS value
