-- purpose: forget the rows of a ring that changed
-- params: ring_id
-- returns:
DELETE FROM ring WHERE ring_id = ?
