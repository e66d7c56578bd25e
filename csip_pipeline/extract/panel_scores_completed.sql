-- One row per mapped score, with each panellist's name written one way, so that a score sent again
-- is known as the same.
select * replace (lower(scorer) as scorer)
from mapped
