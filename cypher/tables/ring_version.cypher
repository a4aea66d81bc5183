// purpose: all rows of this table out of the graph; and into it, for `ringwatch copy`
// columns: ring_id, n, run_id, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
MATCH (x:RingVersion)
WHERE NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
RETURN
  x.ring_id, x.n, x.run_id, x.tier_rank, x.n_sellers, x.link_score, x.infringement_score, x.evidence_digest, x.members;

UNWIND $rows AS row
CREATE (:RingVersion {
  ring_id: row[0], n: row[1], run_id: row[2], tier_rank: row[3], n_sellers: row[4], link_score: row[5],
  infringement_score: row[6], evidence_digest: row[7], members: row[8]
})
RETURN count(*) AS n
