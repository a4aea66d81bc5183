-- What people wrote, decided and asked about rings, sellers and listings, one row an act. Times are microseconds since
-- 1970. Rows are only ever added, so the number of the newest one about a thing is the version of what was said of it.
-- said: verdict, state or reason, as the act has it; answers: the flag that an answer is about.
CREATE TABLE casework (
  n INTEGER PRIMARY KEY,
  act TEXT NOT NULL CHECK (act IN ('note', 'assign', 'judge', 'exempt', 'lift', 'flag', 'answer')),
  ring_id TEXT NOT NULL,
  seller_id TEXT NOT NULL,
  listing_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  actor TEXT NOT NULL,
  brand_id TEXT,
  said TEXT NOT NULL,
  text TEXT NOT NULL,
  assignee TEXT,
  answers INTEGER REFERENCES casework (n),
  made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX casework_by_seller ON casework (seller_id) WHERE seller_id <> '';
CREATE INDEX casework_by_value ON casework (kind, value) WHERE value <> '';
CREATE INDEX casework_by_act ON casework (act);

CREATE TRIGGER casework_is_never_changed BEFORE UPDATE ON casework
BEGIN SELECT RAISE(ABORT, 'casework: entries are never changed'); END;
CREATE TRIGGER casework_is_never_erased BEFORE DELETE ON casework
BEGIN SELECT RAISE(ABORT, 'casework: entries are never erased'); END;

-- The rings that an entry is about: the one that it was written of, and those that took in a part of it in a later run.
CREATE TABLE case_ring (
  ring_id TEXT NOT NULL,
  n INTEGER NOT NULL REFERENCES casework (n),
  PRIMARY KEY (ring_id, n)
) STRICT, WITHOUT ROWID;
