-- One row per month and standard missed: how often, and how many people are owed an explanation.
with

breaches as (
    select * from measure.breaches
    where month between $first_month::date and $last_month::date
),

notices as (
    select
        month,
        channel,
        clock,
        person_key,
        state
    from publish.callback_list
    where
        month between $first_month::date and $last_month::date
        and state != 'withdrawn'
),

told as (
    select
        breaches.*,
        notices.state
    from breaches
    left join notices
        on
            breaches.month = notices.month
            and breaches.channel = notices.channel
            and breaches.clock = notices.clock
            and breaches.person_key = notices.person_key
            and breaches.explain_by_on is not null
)

select
    month,
    standard_id,
    any_value(wording) as wording,
    any_value(citation) as citation,
    count(*) as missed,
    count(distinct person_key) filter (where state is not null) as people,
    count(distinct person_key) filter (where state = 'held') as people_held,
    count_if(explain_by_on is not null and person_key is null) as without_contact_point
from told
group by month, standard_id
order by month, standard_id
