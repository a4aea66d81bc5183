-- purpose: give a value its number
-- params: n, kind_n, text, display
-- returns:
INSERT INTO value (n, kind_n, text, display) VALUES (?, ?, ?, ?)
