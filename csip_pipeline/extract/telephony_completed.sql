-- One row per mapped call leg, with what the mapping leaves unsaid worked out from what it says. A
-- duration given by the supplier is trusted over clock times, so that a call over midnight or over
-- a clock change keeps its true length.
with

queued as (
    select
        * replace (
            coalesce(leg, 1) as leg,
            coalesce(queued_at, arrived_at) as queued_at
        )
    from mapped
),

waited as (
    select
        * replace (
            coalesce(
                wait_seconds,
                epoch(
                    -- who is called back waited until the end of the call, not until they were
                    if(
                        outcome = 'callback_requested',
                        least(answered_at, ended_at),
                        coalesce(answered_at, ended_at)
                    ) - queued_at
                )
            ) as wait_seconds
        )
    from queued
),

durations as (
    select
        *,
        -- nobody waits for thirty years: such a number is not added to a clock
        if(
            wait_seconds between 0 and 1e9, to_microseconds((wait_seconds * 1e6)::bigint), null
        ) as wait,
        if(
            coalesce(talk_seconds, 0) between 0 and 1e9,
            to_microseconds((coalesce(talk_seconds, 0) * 1e6)::bigint),
            null
        ) as talk
    from waited
),

answered as (
    select
        * replace (
            coalesce(answered_at, if(outcome = 'answered', queued_at + wait, null)) as answered_at
        )
    from durations
)

select
    * exclude (wait, talk) replace (
        coalesce(ended_at, answered_at + talk, queued_at + wait) as ended_at
    )
from answered
