-- purpose: keep a group of members that hold one value
-- params: n, seller_ids
-- returns:
INSERT INTO evidence_holders (n, seller_ids) VALUES (?, ?)
