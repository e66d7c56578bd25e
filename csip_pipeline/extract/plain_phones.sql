-- One row per text given as a telephone number: the number, settled where it is plainly British.
with

digits as (
    select
        as_given,
        regexp_matches(as_given, $plain) and not regexp_matches(as_given, $damaged) as is_plain,
        regexp_extract(
            regexp_replace(as_given, '[^0-9+]', '', 'g'), $national, 1
        ) as national_number
    from given
)

select
    as_given,
    if(
        $accept = 'possible' or regexp_full_match(national_number, $valid),
        '+44' || national_number,
        null
    ) as contact_point,
    $region = 'GB' and is_plain and national_number != '' as is_settled
from digits
