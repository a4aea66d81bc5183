-- purpose: the fit of the current run
-- params:
-- returns: n_sellers, tables
SELECT fit.n_sellers, fit.tables FROM run JOIN fit ON fit.digest = run.fit_digest
