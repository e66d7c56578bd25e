"""Take people out of the callback ledger: their notices lose whom they reach, and stay counted.

The chain goes on: what was changed is one more entry. A notice that nobody was told of is
withdrawn, so that nobody ever is. A text given by a reviewer that holds a contact point cannot
stay: its transition is reworded and the chain linked anew, which the log of erasures answers for.
"""

from csip_pipeline.erasure import databases
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.publish.callbacks import chain, opening
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.settings import Settings
from csip_pipeline.written_forms import replaced, together

HELD_FIRST = """
select notice_id, 'held' as to_state, 'being erased' as reason from publish.notices
where state = 'claimed' and list_contains($keys::varchar[], person_key)
"""
"""What was being issued when the pipeline stopped: nobody knows any more to whom."""
ERASED = f"""
select
    notice_id,
    if(state in ('due', 'held'), 'withdrawn', state) as to_state,
    {databases.STAND_IN} as person_key,
    if(state in ('due', 'held'), $by::varchar, withdrawn_by) as withdrawn_by,
    []::varchar[] as flags,
    null::varchar as safe_time,
    'erased' as reason
from publish.notices where list_contains($keys::varchar[], person_key)
"""
REWORDED = """
select notice_id, state as to_state, {sets}, 'erased' as reason from publish.notices
where {is_in}
"""
TEXTS = ("why", "promised", "held_because", "safe_time", "released_by", "withdrawn_by")


def take_out(settings: Settings, wanted: Wanted, by: str) -> int:
    """Take people out of the ledger and write its file anew; give how many rows had them."""
    if not settings.callbacks.exists():
        return 0
    rows = 0

    def change(ledger: Ledger) -> None:
        nonlocal rows
        given = {"keys": sorted(wanted.keys), "by": by}
        with ledger.entry():
            ledger.move(HELD_FIRST, given, by=by)
            rows += ledger.move(
                ERASED, given, by=by, sets=("person_key", "withdrawn_by", "flags", "safe_time")
            )
            rows += ledger.move(*_reworded(wanted), by=by, sets=TEXTS)
        rows += _transitions(ledger, wanted)
        rows += _put_aside(ledger, wanted)
        databases.copy(ledger.con, ledger.path)

    opening.rewritten(settings, change)
    return rows


def _reworded(wanted: Wanted) -> tuple[str, dict[str, object]]:
    points = set(wanted.points)
    sets = ", ".join(f"{replaced(name, points)} as {name}" for name in TEXTS)
    is_in = " or ".join(f"regexp_matches({name}, $pattern)" for name in TEXTS)
    return REWORDED.format(sets=sets, is_in=is_in), {"pattern": together(points)}


def _transitions(ledger: Ledger, wanted: Wanted) -> int:
    """Reword reasons and names that hold a contact point, and link the chain anew."""
    points, given = set(wanted.points), {"pattern": together(set(wanted.points))}
    is_in = 'regexp_matches(why, $pattern) or regexp_matches("by", $pattern)'
    counted = f"select count(*) from publish.transitions where {is_in}"
    ((rows,),) = ledger.con.execute(counted, given).fetchall()
    if rows:
        ledger.con.execute("begin")
        ledger.con.execute(
            f"update publish.transitions set why = {replaced('why', points)}, "
            f'"by" = {replaced(chr(34) + "by" + chr(34), points)} where {is_in}',
            given,
        )
        ledger.head = chain.relink(ledger.con, ledger.key)
        ledger.con.execute("commit")
    return int(rows)


def _put_aside(ledger: Ledger, wanted: Wanted) -> int:
    """The tables of earlier versions and of chains that no longer hold: nothing proves them."""
    proved = {f'"publish"."{name}"' for name in ("notices", "transitions", "entries")}
    return sum(
        databases.take_out_of(ledger.con, table, columns, wanted)
        for table, columns in databases.tables(ledger.con).items()
        if table not in proved
    )
