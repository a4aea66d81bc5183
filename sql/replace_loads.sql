-- purpose: give up loads of a source that never finished
-- params: source_n
-- returns:
UPDATE load SET state = 'replaced' WHERE source_n = :source_n AND state = 'open'
