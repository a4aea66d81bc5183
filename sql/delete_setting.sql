-- purpose: forget a fact
-- params: name
-- returns:
DELETE FROM setting WHERE name = :name
