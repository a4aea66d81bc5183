// purpose: how many sellers there are
// params:
// returns: n
MATCH (seller:Seller)
RETURN count(seller) AS n
