-- Where the map of a run's rings shows each, written once, when somebody first looks at it.
CREATE TABLE run_layout (
  run_id TEXT PRIMARY KEY REFERENCES run_log (run_id),
  places TEXT NOT NULL
) STRICT, WITHOUT ROWID;
