-- purpose: forget the hubs of the run before, which are all written anew
-- params:
-- returns:
DELETE FROM hub
