// purpose: the fit of the current run
// params:
// returns: n_sellers, tables
MATCH (run:Run {n: $run_n})
MATCH (fit:Fit {digest: run.fit_digest})
RETURN fit.n_sellers AS n_sellers, fit.tables AS tables
