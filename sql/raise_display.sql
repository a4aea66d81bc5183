-- purpose: let the greatest of the texts by which people read a value stand
-- params: display, n, display
-- returns:
UPDATE value SET display = ? WHERE n = ? AND coalesce(display, text) < ?
