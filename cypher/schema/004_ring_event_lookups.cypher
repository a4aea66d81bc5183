// Events are only ever added to, so that what is asked of a run, or of closed rings alone, must not read all of them.

CREATE INDEX ring_event_run IF NOT EXISTS FOR (x:RingEvent) ON (x.run_id);
CREATE INDEX ring_event_change IF NOT EXISTS FOR (x:RingEvent) ON (x.change);
