-- Every version of every ring: rows are added, never changed. A run adds one where members, tiers, scores or evidence are
-- not those of the last version; members: JSON array of [seller_id, tier_rank, role, link_score, infringement_score].
CREATE TABLE ring_version (
  ring_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  run_id TEXT NOT NULL REFERENCES run_log (run_id),
  tier_rank INTEGER NOT NULL,
  n_sellers INTEGER NOT NULL,
  link_score REAL NOT NULL,
  infringement_score REAL NOT NULL,
  evidence_digest TEXT NOT NULL,
  members TEXT NOT NULL,
  PRIMARY KEY (ring_id, n)
) STRICT, WITHOUT ROWID;
