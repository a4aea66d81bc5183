-- purpose: close a load
-- params: n, finished_at
-- returns:
UPDATE load SET state = 'finished', finished_at = :finished_at WHERE n = :n
