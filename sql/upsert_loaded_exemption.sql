-- purpose: make or update an exemption that a source gives; one that a person lifted stays lifted
-- params: kind, value, display, reason, owner, note, extra, expires_at, given, load_n, made_at, kind, value
-- returns:
INSERT INTO exemption (kind, value, display, reason, owner, note, extra, expires_at, given, load_n, made_at)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM exemption WHERE kind = ? AND value = ? AND lifted_at IS NOT NULL)
ON CONFLICT (kind, value) WHERE lifted_at IS NULL DO UPDATE SET
  display = iif(load_n = excluded.load_n AND display > excluded.display, display, excluded.display),
  reason = iif(load_n = excluded.load_n AND reason > excluded.reason, reason, excluded.reason),
  owner = iif(
    load_n = excluded.load_n AND given & 1 AND owner > excluded.owner,
    owner, coalesce(excluded.owner, owner)),
  note = iif(load_n = excluded.load_n AND given & 2 AND note > excluded.note, note, coalesce(excluded.note, note)),
  extra = iif(
    load_n = excluded.load_n AND given & 4 AND extra > excluded.extra,
    extra, coalesce(excluded.extra, extra)),
  expires_at = iif(
    load_n = excluded.load_n AND given & 8 AND expires_at > excluded.expires_at,
    expires_at, coalesce(excluded.expires_at, expires_at)),
  given = iif(load_n = excluded.load_n, given | excluded.given, excluded.given),
  load_n = excluded.load_n
