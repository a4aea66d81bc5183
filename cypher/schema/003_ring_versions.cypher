//   (:RingVersion)                          what a ring was from one run on, until the next version: added to, never changed

CREATE CONSTRAINT ring_version_n IF NOT EXISTS FOR (x:RingVersion) REQUIRE (x.ring_id, x.n) IS UNIQUE;
CREATE INDEX ring_version_run IF NOT EXISTS FOR (x:RingVersion) ON (x.run_id);
