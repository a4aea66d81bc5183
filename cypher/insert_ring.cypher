// purpose: keep a ring
// params: ring_id, tier_rank, n_sellers, link_score, infringement_score
// returns:
// key:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $rows AS row
CREATE (:Ring {
  run_n: run.n, ring_id: row[0], tier_rank: row[1], n_sellers: row[2], link_score: row[3], infringement_score: row[4]
})
RETURN count(*) AS n
