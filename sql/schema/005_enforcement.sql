-- Who may act, what was decided about stores, and what the marketplace was told of it. Times are microseconds since 1970.

-- The key itself is shown once and never kept: key_digest is its SHA-256.
CREATE TABLE actor (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('investigator', 'approver', 'operator', 'partner')),
  brand_id TEXT,
  key_digest TEXT NOT NULL UNIQUE,
  key_prefix TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- header: JSON of what was proposed; approvals: JSON array of names; begun_at: when it was first carried out.
CREATE TABLE plan (
  plan_id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  header TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'void', 'rejected', 'done', 'undone')),
  approvals TEXT NOT NULL,
  expires_at INTEGER,
  begun_at INTEGER,
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- body: JSON of what was proposed; inverse: JSON of what undoes what was done, null until then.
CREATE TABLE plan_store (
  plan_id TEXT NOT NULL REFERENCES plan (plan_id),
  position INTEGER NOT NULL,
  store_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('close', 'suspend', 'watch', 'reopen', 'spare')),
  body TEXT NOT NULL,
  progress TEXT NOT NULL CHECK (progress IN ('planned', 'noticed', 'done', 'left')),
  due_at INTEGER,
  inverse TEXT,
  note TEXT NOT NULL,
  PRIMARY KEY (plan_id, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER plan_stays BEFORE UPDATE OF plan_id, digest, header, proposed_by, proposed_at ON plan
BEGIN SELECT RAISE(ABORT, 'plan: what was proposed is never changed'); END;
CREATE TRIGGER plan_is_kept BEFORE DELETE ON plan
BEGIN SELECT RAISE(ABORT, 'plan: plans are never erased'); END;
CREATE TRIGGER plan_store_stays BEFORE UPDATE OF plan_id, position, store_id, action, body ON plan_store
BEGIN SELECT RAISE(ABORT, 'plan_store: what was proposed is never changed'); END;
CREATE TRIGGER plan_store_is_kept BEFORE DELETE ON plan_store
BEGIN SELECT RAISE(ABORT, 'plan_store: plans are never erased'); END;

-- Append-only; each entry names the hash of the one before, and is named by one entry at most. See model/chain.py.
CREATE TABLE ledger (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  store_id TEXT,
  plan_id TEXT,
  state TEXT,
  body TEXT NOT NULL,
  is_drill INTEGER NOT NULL CHECK (is_drill IN (0, 1)),
  previous TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX ledger_by_store ON ledger (store_id) WHERE store_id IS NOT NULL;
CREATE INDEX ledger_by_action ON ledger (action, at);

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: entries are never changed'); END;
CREATE TRIGGER ledger_is_never_erased BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: entries are never erased'); END;
-- Also keeps INSERT OR REPLACE out, which erases without asking the trigger above.
CREATE TRIGGER ledger_grows_at_its_end BEFORE INSERT ON ledger
WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM ledger)
  OR NEW.previous <> coalesce((SELECT hash FROM ledger ORDER BY n DESC LIMIT 1), printf('%064d', 0))
BEGIN SELECT RAISE(ABORT, 'ledger: an entry follows the last one'); END;

CREATE TABLE appeal (
  n INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL,
  plan_id TEXT,
  text TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'rejected')),
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT
) STRICT;

-- key: the hash of the ledger's entry that the message tells of; the same however often it is sent.
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  plan_id TEXT NOT NULL,
  store_id TEXT NOT NULL,
  action TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  n_attempts INTEGER NOT NULL,
  next_at INTEGER,
  answer TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_by_state ON outbox (state, n);
