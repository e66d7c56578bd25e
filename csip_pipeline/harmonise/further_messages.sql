-- One row per message from the public that found the Force's message before it: the first of those
-- that wait together, with the Force's next message. Within one second the public wrote first.
with

messages as (
    select * from extract.social
    where month = $month::date
),

in_turn as (
    select
        platform,
        conversation_id,
        direction,
        sent_at,
        lag(direction) over so_far as after_direction,
        count(*) filter (where direction = 'in') over so_far as written_by_now,
        min(sent_at) filter (where direction = 'out') over from_now_on as next_out_at,
        max(extracted_at) over (partition by platform, conversation_id) as extracted_at
    from messages
    window
        so_far as (
            partition by platform, conversation_id
            order by sent_at, direction = 'out', message_id
        ),
        from_now_on as (
            partition by platform, conversation_id
            order by sent_at, direction = 'out', message_id
            rows between current row and unbounded following
        )
)

select
    'social:' || platform || ':' || conversation_id as contact_id,
    row_number() over (partition by platform, conversation_id order by sent_at) as nth,
    sent_at as asked_at,
    next_out_at as replied_at,
    extracted_at
from in_turn
where direction = 'in' and after_direction = 'out' and written_by_now > 1
