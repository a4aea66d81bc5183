-- purpose: what versions of a ring rest on and where their pictures show it, first versions first
-- params: ring_id, low, high
-- returns: n, content, places
SELECT version.n, content.content, layout.places
FROM ring_version AS version
LEFT JOIN ring_content AS content ON content.ring_id = version.ring_id AND content.n = version.n
LEFT JOIN ring_layout AS layout ON layout.ring_id = version.ring_id AND layout.n = version.n
WHERE version.ring_id = :ring_id AND version.n BETWEEN :low AND :high
ORDER BY version.n
