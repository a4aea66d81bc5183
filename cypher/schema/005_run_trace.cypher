//   (:RunTrace)                             what a run found on the way, for the next one to start from, in parts
//
// A run that changes some rings takes away groups of holders that no evidence names any more.

CREATE CONSTRAINT run_trace_part IF NOT EXISTS FOR (x:RunTrace) REQUIRE (x.run_n, x.part) IS UNIQUE;
CREATE INDEX evidence_holders IF NOT EXISTS FOR (x:Evidence) ON (x.run_n, x.holders_n);
CREATE INDEX evidence_value IF NOT EXISTS FOR (x:Evidence) ON (x.run_n, x.kind, x.value);
CREATE INDEX ring_value_value IF NOT EXISTS FOR (x:RingValue) ON (x.run_n, x.kind, x.value);
