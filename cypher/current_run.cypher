// purpose: the number of the current run; no row where nothing was detected yet
// params:
// returns: n
MATCH (run:Run {state: 'current'})
RETURN run.n AS n
