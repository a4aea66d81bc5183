// purpose: how many flags a brand raised since a moment
// params: brand_id, at
// returns: n
MATCH (x:CaseEntry {act: 'flag'})
WHERE x.brand_id = $brand_id AND x.made_at >= $at
RETURN count(*) AS n
