-- purpose: what each of some rings was, first versions first
-- params: ids
-- returns: ring_id, n, run_id, at, tier_rank, n_sellers, link_score, infringement_score, evidence_digest, members
SELECT
  version.ring_id, version.n, version.run_id, log.finished_at AS at, version.tier_rank, version.n_sellers,
  version.link_score, version.infringement_score, version.evidence_digest, version.members
FROM json_each(:ids) AS asked
JOIN ring_version AS version ON version.ring_id = asked.value
JOIN run_log AS log ON log.run_id = version.run_id
ORDER BY version.ring_id, version.n
