// purpose: keep where the picture of a version of a ring shows what; who writes first is right
// params: ring_id, n, places
// returns:
MATCH (x:RingVersion {ring_id: $ring_id, n: $n})
WHERE x.places IS NULL
SET x.places = $places
RETURN count(*) AS n
