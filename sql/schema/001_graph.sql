-- The graph as loaded, and what people decided about it.
--
-- n:        a dense number from 1; the key inside the database, never shown.
-- load_n:   the load that touched the row last;  first_load_n: the one that made it.
-- given:    bit i is set where load_n gave the i-th property: rows of one load merge by the greatest value,
--           and what the load did not give stays as an earlier load left it.
-- valid_to: when a full load of the row's source no longer had it; null while it stands. Rows are never erased.
-- Times are microseconds since 1970 in UTC.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  n INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE load (
  n INTEGER PRIMARY KEY,
  source_n INTEGER NOT NULL REFERENCES source (n),
  is_full INTEGER NOT NULL CHECK (is_full IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'replaced')),
  begun_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

-- definition: JSON of a kind that a marketplace declared; null for built-in and undeclared kinds
CREATE TABLE kind (
  n INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  definition TEXT
) STRICT;

-- Sellers and stores share one name space, and one number space.
CREATE TABLE holder (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE seller (
  n INTEGER PRIMARY KEY REFERENCES holder (n),
  name TEXT,
  legal_name TEXT,
  country TEXT,
  status TEXT,
  extra TEXT,
  registered_at INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n)
) STRICT;

CREATE TABLE store (
  n INTEGER PRIMARY KEY REFERENCES holder (n),
  seller_n INTEGER NOT NULL REFERENCES seller (n),
  name TEXT,
  marketplace TEXT,
  url TEXT,
  status TEXT,
  extra TEXT,
  opened_at INTEGER,
  closed_at INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n),
  valid_to INTEGER
) STRICT;

-- Words of the names of sellers and stores, under their number; kept in step by whoever
-- writes names, a batch at a time: triggers cost ten times as much.
CREATE VIRTUAL TABLE name_words USING fts5 (
  name, content = '', columnsize = 0, detail = none, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE INDEX store_by_seller ON store (seller_n);

CREATE TABLE listing (
  n INTEGER PRIMARY KEY,
  listing_id TEXT NOT NULL UNIQUE,
  store_n INTEGER NOT NULL REFERENCES store (n),
  title TEXT,
  brand TEXT,
  currency TEXT,
  url TEXT,
  image_url TEXT,
  image_hash TEXT,
  status TEXT,
  extra TEXT,
  listed_at INTEGER,
  removed_at INTEGER,
  first_sold_at INTEGER,
  price REAL,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n),
  valid_to INTEGER
) STRICT;

CREATE INDEX listing_by_store ON listing (store_n);

-- text: canonical, or "hmac:..." where hashed; display: what a person reads, null where it is the text itself
CREATE TABLE value (
  n INTEGER PRIMARY KEY,
  kind_n INTEGER NOT NULL REFERENCES kind (n),
  text TEXT NOT NULL,
  display TEXT,
  UNIQUE (kind_n, text)
) STRICT;

-- What a value is used for (registered, return, iban ...), as it was written; the bound is that of snapshot_uses.sql.
CREATE TABLE purpose (
  n INTEGER PRIMARY KEY CHECK (n < 524288),
  text TEXT NOT NULL UNIQUE
) STRICT;

-- Each source says for itself who uses what, so that a full load of one takes nothing from another.
-- What a snapshot reads comes first: SQLite decodes a row up to the last column asked for.
CREATE TABLE uses (
  value_n INTEGER NOT NULL REFERENCES value (n),
  holder_n INTEGER NOT NULL REFERENCES holder (n),
  source_n INTEGER NOT NULL REFERENCES source (n),
  valid_to INTEGER,
  first_seen_at INTEGER,
  last_seen_at INTEGER,
  purpose_n INTEGER REFERENCES purpose (n),
  provenance TEXT,
  extra TEXT,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n),
  PRIMARY KEY (value_n, holder_n, source_n)
) STRICT, WITHOUT ROWID;

CREATE TABLE brand (
  brand_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  aliases TEXT,
  extra TEXT,
  member_since INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n)
) STRICT, WITHOUT ROWID;

CREATE TABLE authorisation (
  brand_id TEXT NOT NULL REFERENCES brand (brand_id),
  seller_n INTEGER NOT NULL REFERENCES seller (n),
  extra TEXT,
  valid_from INTEGER,
  valid_until INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n),
  valid_to INTEGER,
  PRIMARY KEY (brand_id, seller_n)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
  notice_id TEXT PRIMARY KEY,
  brand_id TEXT NOT NULL REFERENCES brand (brand_id),
  listing_n INTEGER REFERENCES listing (n),
  store_n INTEGER REFERENCES store (n),
  kind TEXT,
  outcome TEXT,
  extra TEXT,
  filed_at INTEGER,
  decided_at INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER NOT NULL REFERENCES load (n),
  first_load_n INTEGER NOT NULL REFERENCES load (n)
) STRICT, WITHOUT ROWID;

-- A person's decision about a value, which need not be loaded yet; a lifted one stays for the record.
CREATE TABLE exemption (
  n INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  display TEXT NOT NULL,
  reason TEXT NOT NULL,
  owner TEXT,
  note TEXT,
  extra TEXT,
  expires_at INTEGER,
  given INTEGER NOT NULL,
  load_n INTEGER REFERENCES load (n),
  made_at INTEGER NOT NULL,
  lifted_at INTEGER,
  lift_reason TEXT
) STRICT;

CREATE INDEX exemption_by_value ON exemption (kind, value);
CREATE UNIQUE INDEX exemption_in_force ON exemption (kind, value) WHERE lifted_at IS NULL;

-- A person's verdict on a ring, or on a seller and a ring (seller_id: '' where on the ring); the newest of a subject
-- counts. member_ids: JSON array of the ring's seller ids when it was judged, ascending.
CREATE TABLE judgement (
  n INTEGER PRIMARY KEY,
  ring_id TEXT NOT NULL,
  seller_id TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure', 'confirmed', 'dismissed')),
  reason TEXT NOT NULL,
  owner TEXT,
  made_at INTEGER NOT NULL,
  member_ids TEXT NOT NULL
) STRICT;

-- The current run alone; ring_birth remembers every ring id and the run that gave it.
CREATE TABLE fit (
  digest TEXT PRIMARY KEY,
  n_sellers INTEGER NOT NULL,
  tables TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  run_id TEXT PRIMARY KEY,
  as_of INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  fit_digest TEXT NOT NULL REFERENCES fit (digest),
  n_sellers INTEGER NOT NULL,
  notes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ring_birth (
  ring_id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  born_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What became of rings, run by run: rows are added, never changed. run_log has every run, also those forgotten;
-- ring_ids: JSON array of the other rings of an event; position: the order of events within their run.
CREATE TABLE run_log (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  finished_at INTEGER NOT NULL,
  fit_digest TEXT NOT NULL,
  n_sellers INTEGER NOT NULL,
  n_rings INTEGER NOT NULL
) STRICT;

CREATE TABLE ring_event (
  run_id TEXT NOT NULL REFERENCES run_log (run_id),
  position INTEGER NOT NULL,
  ring_id TEXT NOT NULL,
  change TEXT NOT NULL,
  ring_ids TEXT NOT NULL,
  n_sellers_before INTEGER NOT NULL,
  n_sellers INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX ring_event_by_ring ON ring_event (ring_id);

CREATE TABLE ring (
  ring_id TEXT PRIMARY KEY REFERENCES ring_birth (ring_id),
  tier_rank INTEGER NOT NULL,
  n_sellers INTEGER NOT NULL,
  link_score REAL NOT NULL,
  infringement_score REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
  ring_id TEXT NOT NULL REFERENCES ring (ring_id),
  seller_id TEXT NOT NULL REFERENCES holder (id),
  tier_rank INTEGER NOT NULL,
  role TEXT NOT NULL,
  link_score REAL NOT NULL,
  log_odds REAL NOT NULL,
  infringement_score REAL NOT NULL,
  is_fragile INTEGER NOT NULL CHECK (is_fragile IN (0, 1)),
  why_not_closer TEXT NOT NULL,
  PRIMARY KEY (ring_id, seller_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_seller ON member (seller_id);

-- Members that hold one value, as a JSON array of ascending seller ids: kept once for all of them.
CREATE TABLE evidence_holders (
  n INTEGER PRIMARY KEY,
  seller_ids TEXT NOT NULL
) STRICT;

CREATE TABLE evidence (
  ring_id TEXT NOT NULL,
  seller_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  family TEXT NOT NULL,
  value TEXT NOT NULL,
  n_holders INTEGER NOT NULL,
  score REAL NOT NULL,
  holders_n INTEGER NOT NULL REFERENCES evidence_holders (n),
  PRIMARY KEY (ring_id, seller_id, position),
  FOREIGN KEY (ring_id, seller_id) REFERENCES member (ring_id, seller_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ring_value (
  ring_id TEXT NOT NULL REFERENCES ring (ring_id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  family TEXT NOT NULL,
  value TEXT NOT NULL,
  n_holders INTEGER NOT NULL,
  is_hub INTEGER NOT NULL CHECK (is_hub IN (0, 1)),
  PRIMARY KEY (ring_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE hub (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  n_holders INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
