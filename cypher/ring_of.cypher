// purpose: rings of sellers of a list of ids; the surest membership of each
// params: ids
// returns: seller_id, ring_id
UNWIND $ids AS id
MATCH (seller:Holder {id: id})-[m:MEMBER_OF]->(ring:Ring)
USING INDEX SEEK seller:Holder(id)
WHERE ring.run_n = $run_n
WITH id, m.link_score AS link_score, ring.ring_id AS ring_id
ORDER BY link_score DESC, ring_id
RETURN id AS seller_id, head(collect(ring_id)) AS ring_id
