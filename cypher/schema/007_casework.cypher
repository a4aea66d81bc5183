//   (:CaseEntry)    what people wrote, decided and asked about rings, sellers and listings: added to, never changed
//   (:CaseRing)     the rings that an entry is about, also those that took in a part of its ring in a later run

CREATE CONSTRAINT case_entry_n IF NOT EXISTS FOR (x:CaseEntry) REQUIRE x.n IS UNIQUE;
CREATE INDEX case_entry_seller IF NOT EXISTS FOR (x:CaseEntry) ON (x.seller_id);
CREATE INDEX case_entry_value IF NOT EXISTS FOR (x:CaseEntry) ON (x.value);
CREATE INDEX case_entry_act IF NOT EXISTS FOR (x:CaseEntry) ON (x.act);
CREATE CONSTRAINT case_ring_place IF NOT EXISTS FOR (x:CaseRing) REQUIRE (x.ring_id, x.n) IS UNIQUE;
