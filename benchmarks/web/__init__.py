"""Our pictures beside those of Cytoscape.js and sigma, in one browser: ``python -m benchmarks.web``."""
