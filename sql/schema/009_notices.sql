-- Notices that were filed here, beside those that were loaded, and what became of each, step by step. Times are
-- microseconds since 1970. Rows are only ever added: the last step of a notice says how it stands.
-- number: from 1 within the brand, so that no brand can tell from it how many others filed;  listing_id: null where it
-- is about the store itself;  digests: JSON array of the SHA-256 of its files;  text_digest: of its text as texts are
-- compared, null where it has none;  is_repeat: duplicate_of was filed here too, so that it speaks for nothing more.
CREATE TABLE filing (
  notice_id TEXT PRIMARY KEY,
  brand_id TEXT NOT NULL REFERENCES brand (brand_id),
  number INTEGER NOT NULL,
  listing_id TEXT REFERENCES listing (listing_id),
  store_id TEXT NOT NULL REFERENCES holder (id),
  kind TEXT NOT NULL CHECK (kind IN ('notice', 'test_buy', 'customs_seizure')),
  text TEXT NOT NULL,
  text_digest TEXT,
  digests TEXT NOT NULL,
  duplicate_of TEXT,
  is_repeat INTEGER NOT NULL CHECK (is_repeat IN (0, 1)),
  is_throttled INTEGER NOT NULL CHECK (is_throttled IN (0, 1)),
  filed_at INTEGER NOT NULL,
  UNIQUE (brand_id, number)
) STRICT;

CREATE INDEX filing_by_first ON filing (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- step: from 1, which is that it was filed;  due_at: when it is to be decided, and once it is countered, when its
-- listing stands again.
CREATE TABLE filing_step (
  notice_id TEXT NOT NULL REFERENCES filing (notice_id),
  step INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('filed', 'upheld', 'rejected', 'withdrawn', 'countered')),
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (notice_id, step)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER filing_is_never_changed BEFORE UPDATE ON filing
BEGIN SELECT RAISE(ABORT, 'filing: notices are never changed'); END;
CREATE TRIGGER filing_is_never_erased BEFORE DELETE ON filing
BEGIN SELECT RAISE(ABORT, 'filing: notices are never erased'); END;
CREATE TRIGGER filing_step_is_never_changed BEFORE UPDATE ON filing_step
BEGIN SELECT RAISE(ABORT, 'filing_step: steps are never changed'); END;
CREATE TRIGGER filing_step_is_never_erased BEFORE DELETE ON filing_step
BEGIN SELECT RAISE(ABORT, 'filing_step: steps are never erased'); END;

-- Every notice as it stands, loaded or filed; due_at and what follows it null where it was loaded.
CREATE VIEW standing_notice AS
SELECT
  notice_id, brand_id, listing_n, store_n, kind, coalesce(outcome, 'pending') AS outcome,
  CASE coalesce(outcome, 'pending') WHEN 'pending' THEN 'filed' ELSE outcome END AS state, filed_at, decided_at,
  NULL AS due_at, NULL AS duplicate_of, 0 AS is_repeat, 0 AS is_throttled, '' AS text, NULL AS text_digest,
  '[]' AS digests, '' AS reason, 1 AS is_loaded
FROM notice
UNION ALL
SELECT
  filing.notice_id, brand_id, listing.n, holder.n, kind,
  CASE state WHEN 'filed' THEN 'pending' WHEN 'countered' THEN 'pending' ELSE state END, state, filed_at,
  iif(step > 1, at, NULL), due_at, duplicate_of, is_repeat, is_throttled, text, text_digest, digests, reason, 0
FROM filing
JOIN filing_step AS last ON last.notice_id = filing.notice_id
  AND last.step = (SELECT max(step) FROM filing_step AS known WHERE known.notice_id = filing.notice_id)
JOIN holder ON holder.id = filing.store_id
LEFT JOIN listing ON listing.listing_id = filing.listing_id;
