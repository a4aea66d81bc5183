-- purpose: forget the rows of a ring that changed
-- params: ring_id
-- returns:
DELETE FROM ring_value WHERE ring_id = ?
