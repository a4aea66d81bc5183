//   (:Filing)        notices that were filed here, beside those that were loaded: added to, never changed
//   (:FilingStep)    what became of each, step by step: the last one says how it stands
//
// The properties are those of the tables of the same names in the embedded database.

CREATE CONSTRAINT filing_id IF NOT EXISTS FOR (x:Filing) REQUIRE x.notice_id IS UNIQUE;
CREATE CONSTRAINT filing_number IF NOT EXISTS FOR (x:Filing) REQUIRE (x.brand_id, x.number) IS UNIQUE;
CREATE INDEX filing_brand IF NOT EXISTS FOR (x:Filing) ON (x.brand_id);
CREATE INDEX filing_listing IF NOT EXISTS FOR (x:Filing) ON (x.listing_id);
CREATE INDEX filing_store IF NOT EXISTS FOR (x:Filing) ON (x.store_id);
CREATE INDEX filing_first IF NOT EXISTS FOR (x:Filing) ON (x.duplicate_of);
CREATE CONSTRAINT filing_step_place IF NOT EXISTS FOR (x:FilingStep) REQUIRE (x.notice_id, x.step) IS UNIQUE;
CREATE INDEX filing_step_notice IF NOT EXISTS FOR (x:FilingStep) ON (x.notice_id);
