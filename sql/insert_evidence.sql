-- purpose: keep a part of a score
-- params: ring_id, seller_id, position, kind, family, value, n_holders, score, holders_n
-- returns:
INSERT INTO evidence (
  ring_id, seller_id, position, kind, family, value, n_holders, score, holders_n
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
