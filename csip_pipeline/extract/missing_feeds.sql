-- How many feeds that feeds.toml expects every month had no row accepted in the month.
with

accepted as (
    select distinct feed from extract.intake
    where month = $month::date and accepted > 0
)

select count(distinct feeds.feed) as broken
from reference.feeds as feeds
anti join accepted on feeds.feed = accepted.feed
where feeds.comes = 'monthly'
