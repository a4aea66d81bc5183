-- Why a value joins nothing (hub, service, junk, unlisted), and the reason of the exemption that is suggested ('': none).
ALTER TABLE hub ADD COLUMN ground TEXT NOT NULL DEFAULT 'hub';
ALTER TABLE hub ADD COLUMN exempt_as TEXT NOT NULL DEFAULT '';
