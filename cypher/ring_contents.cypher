// purpose: what versions of a ring rest on and where their pictures show it, first versions first
// params: ring_id, low, high
// returns: n, content, places
MATCH (x:RingVersion {ring_id: $ring_id})
WHERE x.n >= $low AND x.n <= $high AND NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN x.n AS n, x.content AS content, x.places AS places
ORDER BY n
