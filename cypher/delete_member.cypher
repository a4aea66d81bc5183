// purpose: forget up to 10,000 rows of runs that are not current
// params:
// returns:
MATCH (run:Run)
WHERE run.state <> 'current'
MATCH (ring:Ring {run_n: run.n})
WHERE ring.ring_id IS NOT NULL
MATCH (ring)<-[x:MEMBER_OF]-(:Seller)
WITH x
LIMIT 10000
DELETE x
RETURN count(*) AS n
