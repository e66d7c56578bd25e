-- One row per file and month of the cycle: its hash, and how many of its rows the month rests on.
select
    file,
    sha256,
    feed,
    month,
    sum(accepted) as accepted
from extract.intake
where month between $first_month::date and $last_month::date and file is not null
group by file, sha256, feed, month
order by file, sha256, month
