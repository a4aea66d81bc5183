-- purpose: remember what became of a ring in a run
-- params: run_id, position, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason
-- returns:
INSERT INTO ring_event (run_id, position, ring_id, change, ring_ids, n_sellers_before, n_sellers, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
