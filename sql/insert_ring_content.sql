-- purpose: keep what a ring rests on, where the run made a new version of it
-- params: ring_id, run_id, content
-- returns:
INSERT INTO ring_content (ring_id, n, content)
SELECT version.ring_id, version.n, new.content
FROM (SELECT ? AS ring_id, ? AS run_id, ? AS content) AS new
JOIN ring_version AS version ON version.ring_id = new.ring_id AND version.run_id = new.run_id
WHERE version.n = (SELECT max(n) FROM ring_version WHERE ring_id = new.ring_id)
