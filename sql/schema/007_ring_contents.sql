-- What each version of a ring rests on, packed (db/ring_contents.py), and where its picture shows it: both written once.
-- A version of an older Ringwatch has no row, nor has one whose content was forgotten.
CREATE TABLE ring_content (
  ring_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (ring_id, n),
  FOREIGN KEY (ring_id, n) REFERENCES ring_version (ring_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE ring_layout (
  ring_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  places TEXT NOT NULL,
  PRIMARY KEY (ring_id, n),
  FOREIGN KEY (ring_id, n) REFERENCES ring_version (ring_id, n)
) STRICT, WITHOUT ROWID;
