-- purpose: forget the members of a ring that changed
-- params: ring_id
-- returns:
DELETE FROM member WHERE ring_id = ?
