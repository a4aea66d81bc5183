// purpose: remember what a ring is in a run, where that is not what it was before
// params: ring_id, run_id, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
// returns:
// key: ring_id
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CALL (row) {
  OPTIONAL MATCH (x:RingVersion {ring_id: row[0]})
  WHERE x.n IS NOT NULL
  RETURN x AS last
  ORDER BY x.n DESC
  LIMIT 1
}
FOREACH (
  _ IN CASE
    WHEN
      last.members = row[7] AND last.evidence_digest = row[6] AND last.tier_rank = row[2]
      AND last.infringement_score = row[5]
      THEN []
    ELSE [1]
  END |
  CREATE (:RingVersion {
    ring_id: row[0], n: coalesce(last.n, 0) + 1, run_id: row[1], tier_rank: row[2], n_sellers: row[3],
    link_score: row[4], infringement_score: row[5], evidence_digest: row[6], members: row[7]
  })
)
RETURN count(*) AS n
