-- purpose: make an exemption, or renew the one in force
-- params: kind, value, display, reason, owner, note, expires_at, made_at
-- returns:
INSERT INTO exemption (kind, value, display, reason, owner, note, expires_at, given, made_at)
VALUES (:kind, :value, :display, :reason, :owner, :note, :expires_at, 0, :made_at)
ON CONFLICT (kind, value) WHERE lifted_at IS NULL DO UPDATE SET
  display = excluded.display, reason = excluded.reason, owner = excluded.owner, note = excluded.note,
  expires_at = excluded.expires_at, made_at = excluded.made_at, load_n = NULL
