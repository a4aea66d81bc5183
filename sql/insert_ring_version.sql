-- purpose: remember what a ring is in a run, where that is not what it was before
-- params: ring_id, run_id, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
-- returns:
INSERT INTO ring_version (
  ring_id, n, run_id, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
)
SELECT
  new.ring_id, coalesce(last.n, 0) + 1, new.run_id, new.tier_rank, new.n_sellers, new.link_score,
  new.infringement_score, new.evidence_digest, new.members
FROM (
  SELECT
    ? AS ring_id, ? AS run_id, ? AS tier_rank, ? AS n_sellers, ? AS link_score, ? AS infringement_score,
    ? AS evidence_digest, ? AS members
) AS new
LEFT JOIN ring_version AS last
  ON last.ring_id = new.ring_id AND last.n = (SELECT max(n) FROM ring_version WHERE ring_id = new.ring_id)
WHERE
  last.ring_id IS NULL OR last.members <> new.members OR last.evidence_digest <> new.evidence_digest
  OR last.tier_rank <> new.tier_rank OR last.infringement_score <> new.infringement_score
