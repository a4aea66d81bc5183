// purpose: notices and the sellers whom they are against
// params:
// returns: seller_n, kind, outcome
MATCH (notice:Notice)
OPTIONAL MATCH (notice)-[:AGAINST]->(:Listing)<-[:LISTS]-(:Store)<-[:OPERATES]-(of_listing:Seller)
OPTIONAL MATCH (notice)-[:AGAINST]->(:Store)<-[:OPERATES]-(of_store:Seller)
WITH notice, coalesce(of_listing.n, of_store.n) AS seller_n
WHERE seller_n IS NOT NULL
RETURN seller_n, notice.kind AS kind, notice.outcome AS outcome
