// purpose: wait until no other transaction of ours writes, and let none write until this one ends
// params:
// returns:
MATCH (here:Ringwatch {name: 'schema'})
SET here.turn = coalesce(here.turn, 0) + 1
RETURN count(*) AS n
