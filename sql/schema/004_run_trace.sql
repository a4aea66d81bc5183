-- What the current run found on the way, for the next one to start from; see algorithms/memory.py. part: order of the parts.
CREATE TABLE run_trace (
  part INTEGER PRIMARY KEY,
  data TEXT NOT NULL
) STRICT;

-- A run that changes some rings takes away groups of holders that no evidence names any more.
CREATE INDEX evidence_by_holders ON evidence (holders_n);
