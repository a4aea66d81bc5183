-- purpose: begin a load
-- params: source_n, is_full, begun_at
-- returns: n
INSERT INTO load (source_n, is_full, state, begun_at)
VALUES (:source_n, :is_full, 'open', :begun_at)
RETURNING n
