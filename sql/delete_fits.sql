-- purpose: forget fits that no run uses
-- params:
-- returns:
DELETE FROM fit WHERE digest NOT IN (SELECT fit_digest FROM run)
