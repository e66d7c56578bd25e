-- One row per text given as an address or a name: what identifies, settled where it is ASCII.
select
    as_given,
    nullif(lower(regexp_extract(as_given, $wanted, 1)), '') as contact_point,
    strlen(as_given) = length(as_given) as is_settled
from given
