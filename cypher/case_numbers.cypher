// purpose: the entries about each of some rings
// params: ids
// returns: ring_id, n
UNWIND $ids AS id
MATCH (about:CaseRing {ring_id: id})
RETURN about.ring_id AS ring_id, about.n AS n
