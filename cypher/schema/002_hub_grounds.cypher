// Hubs have `ground` and `exempt_as` from here on; those kept before are read as hubs without a suggestion. The index that
// lists the hubs of a run is that of hub_value.

CREATE CONSTRAINT hub_value IF NOT EXISTS FOR (x:Hub) REQUIRE (x.run_n, x.kind, x.value) IS UNIQUE;
