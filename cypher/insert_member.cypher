// purpose: keep a membership
// params: ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why_not_closer
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
MATCH (ring:Ring {run_n: run.n, ring_id: row[0]})
MATCH (seller:Holder {id: row[1]})
USING INDEX SEEK seller:Holder(id)
CREATE (seller)-[:MEMBER_OF {
  tier_rank: row[2], role: row[3], link_score: row[4], log_odds: row[5], infringement_score: row[6], is_fragile: row[7],
  why_not_closer: row[8]
}]->(ring)
RETURN count(*) AS n
