"""GraphQL over HTTP: the schema, what a query may cost, who is asking, and the console page."""
