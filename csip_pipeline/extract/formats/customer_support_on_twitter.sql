-- One row per post, in its conversation: the topmost post that its chain of replies leads to. A
-- post stands in the month in which its conversation began.
with recursive

posts as (
    select *
    from records
    where disposition = 'read'
),

messages as (
    select distinct message_id
    from posts
),

links as (
    select
        message_id,
        in_reply_to as parent_id,
        true as is_own_word
    from posts
    where in_reply_to is not null

    union all

    select
        unnest(string_split(posts.answered_by, ',')) as message_id,
        posts.message_id as parent_id,
        false as is_own_word
    from posts
    where posts.answered_by is not null
),

parents as (
    -- what a post says it answers wins over what another says of it
    select
        message_id,
        coalesce(
            min(parent_id) filter (where is_own_word), min(parent_id)
        ) as parent_id
    from links
    group by message_id
),

climbs as (
    select
        message_id,
        message_id as top_id
    from messages
    union
    select
        climbs.message_id,
        parents.parent_id as top_id
    from climbs
    inner join parents on climbs.top_id = parents.message_id
),

conversations as (
    select
        climbs.message_id,
        min(climbs.top_id) as conversation_id
    from climbs
    anti join parents on climbs.top_id = parents.message_id
    group by climbs.message_id
),

placed as (
    select
        posts.*,
        coalesce(conversations.conversation_id, posts.message_id) as conversation_id
    from posts
    left join conversations using (message_id)
),

begun as (
    select
        conversation_id,
        coalesce(min(sent_at) filter (where direction = 'in'), min(sent_at)) as began_at
    from placed
    group by conversation_id
),

seen_until as (
    select max(extracted_at) as extracted_at
    from posts
)

select
    placed.message_id,
    placed.platform,
    placed.conversation_id,
    placed.in_reply_to,
    placed.direction,
    placed.author,
    placed.sent_at,
    date_trunc('month', timezone('Europe/London', begun.began_at))::date as month,
    placed.extracted_at as version_at,
    seen_until.extracted_at,
    [{'file_id': placed.file_id, 'source_row': placed.source_row}] as origin
from placed
inner join begun using (conversation_id)
cross join seen_until
