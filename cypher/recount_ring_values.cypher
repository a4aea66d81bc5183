// purpose: say how many hold each of some values now, a JSON array of [kind, value, n_holders]
// params: counts
// returns:
MATCH (run:Run {run_id: $run_id})
WHERE run.state = 'draft'
UNWIND $counts AS counted
MATCH (x:RingValue {run_n: run.n, kind: counted[0], value: counted[1]})
SET x.n_holders = counted[2]
RETURN count(*) AS n
