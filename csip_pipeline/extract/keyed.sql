-- One row per text that holds a contact point: that point, and its pseudonym (HMAC-SHA256).
select
    as_given,
    contact_point,
    sha256($outer || unhex(sha256($inner || encode($kind || contact_point)))) as person_key
from normalised
where contact_point is not null
