-- One row per post of a Customer Support on Twitter export: typed, or with what is wrong with it.
with

typed as (
    select
        source_row,
        -- the export writes an id that may be missing as float text (3.0)
        regexp_extract(tweet_id, '^(\d+)(?:\.0)?$', 1) as id,
        regexp_extract(in_response_to_tweet_id, '^(\d+)(?:\.0)?$', 1) as parent_id,
        response_tweet_id,
        author_id,
        case inbound when 'True' then 'in' when 'False' then 'out' end as direction,
        try_strptime(created_at, '%a %b %d %H:%M:%S %z %Y') as sent_at
    from cells
)

select
    source_row,
    nullif(id, '') as entity,
    nullif(id, '') as message_id,
    $platform::varchar as platform,
    nullif(parent_id, '') as in_reply_to,
    response_tweet_id as answered_by,
    direction,
    author_id as author,
    sent_at,
    sent_at as happened_at,
    date_trunc('month', timezone('Europe/London', sent_at))::date as month,
    'read' as disposition,
    list_filter(
        [
            case
                when coalesce(id, '') = ''
                    then {'column': 'message_id', 'promise': 'is not a whole number'}
            end,
            case
                when direction is null
                    then {'column': 'direction', 'promise': 'inbound is neither True nor False'}
            end,
            case
                when sent_at is null
                    then
                        {
                            'column': 'sent_at',
                            'promise': 'is not a time written Tue Oct 31 22:10:47 +0000 2017'
                        }
            end
        ],
        lambda fault: fault is not null
    ) as faults
from typed
