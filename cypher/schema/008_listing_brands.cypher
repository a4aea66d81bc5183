// Partners ask for the rings that list their brand: by what listings say their brand is.

CREATE INDEX listing_brand IF NOT EXISTS FOR (x:Listing) ON (x.brand);
