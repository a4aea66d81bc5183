-- purpose: number a writing of a purpose
-- params: text
-- returns:
INSERT INTO purpose (text) VALUES (?) ON CONFLICT (text) DO NOTHING
