// purpose: what each of some rings was, first versions first
// params: ids
// returns: ring_id, n, run_id, at, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
UNWIND $ids AS id
MATCH (x:RingVersion {ring_id: id})
WHERE x.n IS NOT NULL AND NOT EXISTS { MATCH (run:Run {run_id: x.run_id}) WHERE run.state = 'draft' }
MATCH (log:RunLog {run_id: x.run_id})
RETURN
  x.ring_id AS ring_id, x.n AS n, x.run_id AS run_id, log.finished_at AS at, x.tier_rank AS tier_rank,
  x.n_sellers AS n_sellers, x.link_score AS link_score, x.infringement_score AS infringement_score,
  x.evidence_digest AS evidence_digest, x.members AS members
ORDER BY ring_id, n
