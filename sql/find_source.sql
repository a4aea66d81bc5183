-- purpose: the number of a source
-- params: name
-- returns: n
SELECT n FROM source WHERE name = :name
