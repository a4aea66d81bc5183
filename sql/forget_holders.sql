-- purpose: forget groups of holders that no evidence names any more
-- params:
-- returns:
DELETE FROM evidence_holders WHERE n NOT IN (SELECT holders_n FROM evidence)
