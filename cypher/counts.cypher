// purpose: how much there is of everything that stands
// params:
// returns: what, n
RETURN 'sellers' AS what, COUNT { (:Seller) } AS n
UNION ALL RETURN 'stores' AS what, COUNT { (:Store) } - COUNT { (x:Store) WHERE x.valid_to IS NOT NULL } AS n
UNION ALL RETURN 'listings' AS what, COUNT { (:Listing) } - COUNT { (x:Listing) WHERE x.valid_to IS NOT NULL } AS n
UNION ALL RETURN 'values' AS what, COUNT { (:Value) } AS n
UNION ALL RETURN 'uses' AS what,
  COUNT { (:Holder)-[:USES]->() } - COUNT { (:Holder)-[x:USES]->(:Value) WHERE x.valid_to IS NOT NULL } AS n
UNION ALL RETURN 'brands' AS what, COUNT { (:Brand) } AS n
UNION ALL RETURN 'authorisations' AS what,
  COUNT { (:Brand)-[:AUTHORISES]->() } - COUNT { (:Brand)-[x:AUTHORISES]->(:Seller) WHERE x.valid_to IS NOT NULL } AS n
UNION ALL RETURN 'notices' AS what, COUNT { (:Notice) } AS n
UNION ALL RETURN 'exemptions' AS what, COUNT { (x:Exemption) WHERE x.in_force IS NOT NULL } AS n
UNION ALL RETURN 'rings' AS what, COUNT { (x:Ring {run_n: $run_n}) WHERE x.ring_id IS NOT NULL } AS n
