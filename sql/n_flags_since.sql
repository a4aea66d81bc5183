-- purpose: how many flags a brand raised since a moment
-- params: brand_id, at
-- returns: n
SELECT count(*) AS n FROM casework WHERE act = 'flag' AND brand_id = :brand_id AND made_at >= :at
