// The graph as loaded, what people decided about it, and the rings of the current run.
//
//   (:Seller:Holder)-[:OPERATES]->(:Store:Holder)-[:LISTS]->(:Listing)
//   (:Holder)-[:USES]->(:Value)             one for each source that tells of it
//   (:Brand)-[:AUTHORISES]->(:Seller)       (:Notice)-[:FILED_BY]->(:Brand)   (:Notice)-[:AGAINST]->(:Listing or :Store)
//   (:Seller)-[:MEMBER_OF]->(:Ring)         (:Evidence), (:EvidenceHolders), (:RingValue), (:Hub) by their run and ring
//   (:Judgement)                            a person's verdict on a ring, or on a seller and a ring
//   (:RunLog), (:RingEvent)                 what became of rings, run by run: added to, never changed
//
// n:        a dense number from 1; the key inside the database, never shown.
// load_n:   the load that touched it last;  first_load_n: the one that made it.
// given:    bit i is set where load_n gave the i-th property: rows of one load merge by the greatest value,
//           and what the load did not give stays as an earlier load left it.
// valid_to: when a full load of its source no longer had it; absent while it stands. Nothing loaded is ever erased.
// run_n:    the run that a ring and all about it belong to. A run is a draft while it is written, then current, then
//           former until the next one is written: readers see one run, whole.
// Times are microseconds since 1970 in UTC.
// An index over several properties serves only queries that ask for each of them, hence their IS NOT NULL.

CREATE CONSTRAINT ringwatch_name IF NOT EXISTS FOR (x:Ringwatch) REQUIRE x.name IS UNIQUE;
CREATE CONSTRAINT setting_name IF NOT EXISTS FOR (x:Setting) REQUIRE x.name IS UNIQUE;
CREATE CONSTRAINT source_n IF NOT EXISTS FOR (x:Source) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT source_name IF NOT EXISTS FOR (x:Source) REQUIRE x.name IS UNIQUE;
CREATE CONSTRAINT load_n IF NOT EXISTS FOR (x:Load) REQUIRE x.n IS UNIQUE;
CREATE INDEX load_source IF NOT EXISTS FOR (x:Load) ON (x.source_n);
CREATE CONSTRAINT kind_n IF NOT EXISTS FOR (x:Kind) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT kind_name IF NOT EXISTS FOR (x:Kind) REQUIRE x.name IS UNIQUE;
CREATE CONSTRAINT purpose_n IF NOT EXISTS FOR (x:Purpose) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT purpose_text IF NOT EXISTS FOR (x:Purpose) REQUIRE x.text IS UNIQUE;

// Of these the numbers are given in turn, so no two are equal; to have each checked again would slow a load down.
CREATE INDEX holder_n IF NOT EXISTS FOR (x:Holder) ON (x.n);
CREATE CONSTRAINT holder_id IF NOT EXISTS FOR (x:Holder) REQUIRE x.id IS UNIQUE;
CREATE INDEX listing_n IF NOT EXISTS FOR (x:Listing) ON (x.n);
CREATE CONSTRAINT listing_id IF NOT EXISTS FOR (x:Listing) REQUIRE x.listing_id IS UNIQUE;
CREATE INDEX value_n IF NOT EXISTS FOR (x:Value) ON (x.n);
CREATE CONSTRAINT value_text IF NOT EXISTS FOR (x:Value) REQUIRE (x.kind_n, x.text) IS UNIQUE;
CREATE CONSTRAINT brand_id IF NOT EXISTS FOR (x:Brand) REQUIRE x.brand_id IS UNIQUE;
CREATE CONSTRAINT notice_id IF NOT EXISTS FOR (x:Notice) REQUIRE x.notice_id IS UNIQUE;
CREATE INDEX uses_retired IF NOT EXISTS FOR ()-[x:USES]-() ON (x.valid_to);
CREATE INDEX authorises_retired IF NOT EXISTS FOR ()-[x:AUTHORISES]-() ON (x.valid_to);
CREATE INDEX store_retired IF NOT EXISTS FOR (x:Store) ON (x.valid_to);
CREATE INDEX listing_retired IF NOT EXISTS FOR (x:Listing) ON (x.valid_to);
// The words of a name, folded by us, so that both databases find by the same ones.
CREATE FULLTEXT INDEX holder_words IF NOT EXISTS FOR (x:Holder) ON EACH [x.words]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};

// in_force: kind and value, there while the exemption is not lifted: one exemption in force a value.
CREATE CONSTRAINT exemption_in_force IF NOT EXISTS FOR (x:Exemption) REQUIRE x.in_force IS UNIQUE;
CREATE INDEX exemption_value IF NOT EXISTS FOR (x:Exemption) ON (x.kind, x.value);

CREATE CONSTRAINT judgement_n IF NOT EXISTS FOR (x:Judgement) REQUIRE x.n IS UNIQUE;

CREATE CONSTRAINT fit_digest IF NOT EXISTS FOR (x:Fit) REQUIRE x.digest IS UNIQUE;
CREATE INDEX run_id IF NOT EXISTS FOR (x:Run) ON (x.run_id);
CREATE CONSTRAINT run_n IF NOT EXISTS FOR (x:Run) REQUIRE x.n IS UNIQUE;
CREATE INDEX run_state IF NOT EXISTS FOR (x:Run) ON (x.state);
CREATE CONSTRAINT ring_birth_id IF NOT EXISTS FOR (x:RingBirth) REQUIRE x.ring_id IS UNIQUE;
CREATE INDEX ring_birth_run IF NOT EXISTS FOR (x:RingBirth) ON (x.run_id);
CREATE CONSTRAINT run_log_n IF NOT EXISTS FOR (x:RunLog) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT run_log_id IF NOT EXISTS FOR (x:RunLog) REQUIRE x.run_id IS UNIQUE;
CREATE CONSTRAINT ring_event_place IF NOT EXISTS FOR (x:RingEvent) REQUIRE (x.run_id, x.position) IS UNIQUE;
CREATE INDEX ring_event_ring IF NOT EXISTS FOR (x:RingEvent) ON (x.ring_id);
CREATE CONSTRAINT ring_id IF NOT EXISTS FOR (x:Ring) REQUIRE (x.run_n, x.ring_id) IS UNIQUE;
CREATE CONSTRAINT evidence_holders_n IF NOT EXISTS FOR (x:EvidenceHolders) REQUIRE (x.run_n, x.n) IS UNIQUE;
CREATE INDEX evidence_member IF NOT EXISTS FOR (x:Evidence) ON (x.run_n, x.ring_id, x.seller_id);
CREATE INDEX ring_value_ring IF NOT EXISTS FOR (x:RingValue) ON (x.run_n, x.ring_id);
CREATE CONSTRAINT hub_value IF NOT EXISTS FOR (x:Hub) REQUIRE (x.run_n, x.kind, x.value) IS UNIQUE;
