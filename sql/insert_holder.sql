-- purpose: give a holder its number
-- params: n, id
-- returns:
INSERT INTO holder (n, id) VALUES (?, ?)
