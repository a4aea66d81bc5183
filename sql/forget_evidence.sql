-- purpose: forget the rows of a ring that changed
-- params: ring_id
-- returns:
DELETE FROM evidence WHERE ring_id = ?
