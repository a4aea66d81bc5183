//   (:Actor)                                who may act
//   (:Plan), (:PlanStore)                   what was proposed, and what became of it
//   (:LedgerEntry)                          what was done and refused: added to, never changed
//   (:Appeal), (:OutboxMessage)             what sellers say against it, and what the marketplace is told
//
// No edition of the server keeps an entry of the ledger from being edited. That two entries cannot name the same one as
// the one before keeps the chain from forking; `ringwatch ledger verify` finds edits.

CREATE CONSTRAINT actor_name IF NOT EXISTS FOR (x:Actor) REQUIRE x.name IS UNIQUE;
CREATE CONSTRAINT actor_key IF NOT EXISTS FOR (x:Actor) REQUIRE x.key_digest IS UNIQUE;
CREATE CONSTRAINT plan_id IF NOT EXISTS FOR (x:Plan) REQUIRE x.plan_id IS UNIQUE;
CREATE CONSTRAINT plan_store_place IF NOT EXISTS FOR (x:PlanStore) REQUIRE (x.plan_id, x.position) IS UNIQUE;
CREATE CONSTRAINT ledger_n IF NOT EXISTS FOR (x:LedgerEntry) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT ledger_previous IF NOT EXISTS FOR (x:LedgerEntry) REQUIRE x.previous IS UNIQUE;
CREATE CONSTRAINT ledger_hash IF NOT EXISTS FOR (x:LedgerEntry) REQUIRE x.hash IS UNIQUE;
CREATE INDEX ledger_store IF NOT EXISTS FOR (x:LedgerEntry) ON (x.store_id);
CREATE INDEX ledger_action IF NOT EXISTS FOR (x:LedgerEntry) ON (x.action);
CREATE CONSTRAINT appeal_n IF NOT EXISTS FOR (x:Appeal) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT outbox_n IF NOT EXISTS FOR (x:OutboxMessage) REQUIRE x.n IS UNIQUE;
CREATE CONSTRAINT outbox_key IF NOT EXISTS FOR (x:OutboxMessage) REQUIRE x.key IS UNIQUE;
CREATE INDEX outbox_state IF NOT EXISTS FOR (x:OutboxMessage) ON (x.state);
