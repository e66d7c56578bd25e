-- One row per stretch of whole hours in which a feed, or a telephone line, logged nothing although
-- on the month's other days contacts begin then.
with

logged as (
    select
        'telephony' as feed,
        line,
        source_file,
        arrived_at as happened_at,
        leg = 1 as is_beginning
    from extract.telephony
    where month = $month::date
    union all
    select
        'web_forms' as feed,
        null as line,
        source_file,
        submitted_at as happened_at,
        true as is_beginning
    from extract.web_forms
    where month = $month::date
    union all
    select
        'web_chats' as feed,
        null as line,
        source_file,
        requested_at as happened_at,
        true as is_beginning
    from extract.web_chats
    where month = $month::date
    union all
    select
        'social' as feed,
        null as line,
        source_file,
        sent_at as happened_at,
        row_number() over (
            partition by platform, coalesce(conversation_id, message_id)
            order by sent_at, message_id
        ) = 1 as is_beginning
    from extract.social
    where month = $month::date
),

intake as (
    select * from extract.intake
    where month = $month::date
),

seen_by_source as (
    select
        feed,
        source,
        max(extracted_at) as seen_until
    from intake
    group by all
),

logging_files as (
    select distinct
        feed,
        line,
        source_file
    from logged
),

-- how far the systems that log a line had seen when they were last asked
seen as (
    select
        logging_files.feed,
        logging_files.line,
        coalesce(logging_files.line, '') as line_key,
        max(seen_by_source.seen_until) as seen_until
    from logging_files
    inner join intake
        on logging_files.feed = intake.feed and logging_files.source_file = intake.file
    inner join seen_by_source
        on intake.feed = seen_by_source.feed and intake.source = seen_by_source.source
    group by all
),

-- London is always whole hours from UTC, so an hour here is an hour of its clocks
elapsed as (
    select unnest(
        generate_series(
            $month::date::timestamptz - interval 1 day,
            $month::date::timestamptz + interval 32 days,
            interval 1 hour
        )
    ) as hour_at
),

clock as (
    select
        hour_at,
        timezone('Europe/London', hour_at) as local_at
    from elapsed
),

hours as (
    select
        hour_at,
        local_at::date as on_date,
        hour(local_at) as hour_of_day,
        isodow(local_at) >= 6 as is_weekend
    from clock
    where date_trunc('month', local_at) = $month::date
),

counted as (
    select
        feed,
        coalesce(line, '') as line_key,
        date_trunc('hour', happened_at) as hour_at,
        count(*) as rows,
        count_if(is_beginning) as contacts
    from logged
    group by all
),

grid as (
    select
        seen.feed,
        seen.line,
        seen.line_key,
        hours.*,
        coalesce(counted.rows, 0) as rows,
        coalesce(counted.contacts, 0) as contacts
    from seen
    inner join hours on hours.hour_at + interval 1 hour <= seen.seen_until
    left join counted
        on
            seen.feed = counted.feed
            and seen.line_key = counted.line_key
            and hours.hour_at = counted.hour_at
),

silent as (
    select
        *,
        hour_at - interval 1 hour * row_number() over (
            partition by feed, line_key order by hour_at
        ) as stretch
    from grid
    where rows = 0
),

touched_days as (
    select distinct
        feed,
        line_key,
        stretch,
        on_date
    from silent
),

alike as (
    select
        feed,
        line_key,
        is_weekend,
        hour_of_day,
        sum(contacts) as contacts,
        count(*) as hours
    from grid
    group by all
),

left_out as (
    select
        grid.feed,
        grid.line_key,
        touched_days.stretch,
        grid.is_weekend,
        grid.hour_of_day,
        sum(grid.contacts) as contacts,
        count(*) as hours
    from touched_days
    inner join grid using (feed, line_key, on_date)
    group by all
),

-- the mean of the same hour on days of the same kind, without those that the stretch touches
compared as (
    select
        silent.*,
        coalesce(
            (alike.contacts - left_out.contacts) / nullif(alike.hours - left_out.hours, 0), 0
        ) as expected
    from silent
    inner join alike using (feed, line_key, is_weekend, hour_of_day)
    inner join left_out using (feed, line_key, stretch, is_weekend, hour_of_day)
),

-- hours in which next to nothing is expected do not make a stretch longer
stretches as (
    select
        feed,
        line,
        min(hour_at) filter (where expected >= 0.1) as began_at,
        max(hour_at) filter (where expected >= 0.1) + interval 1 hour as ended_at,
        sum(expected) filter (where expected >= 0.1) as expected_contacts
    from compared
    group by feed, line, stretch
)

select
    feed,
    line,
    began_at,
    ended_at,
    date_diff('hour', began_at, ended_at) as hours,
    expected_contacts
from stretches
where exp(-expected_contacts) < 1e-5
