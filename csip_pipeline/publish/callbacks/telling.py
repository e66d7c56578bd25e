"""Tell the contact team that lists are ready, once each; they say nothing about anybody."""

from csip_pipeline.publish.callbacks import list_ready
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.publish.callbacks.list_ready import ListReady, MailSettings
from csip_pipeline.publish.callbacks.routes import BY_FILE, WORKLIST
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

UNTOLD = """
select list_id, route, notices, first_due_by from publish.lists
where told_at is null and route in ($worklist, $by_file) order by list_id
"""
TOLD = "update publish.lists set told_at = $at where list_id = $list_id"


def tell(ledger: Ledger, mail: MailSettings | None, settings: Settings) -> list[str]:
    """Send a note for each list that the team was not told of; what went wrong, in plain words.

    A list whose note failed is told of by the next run.
    """
    if mail is None:
        return []
    lists = ledger.fetch(UNTOLD, {"worklist": WORKLIST, "by_file": BY_FILE})
    if lists.empty:
        return []
    try:
        password = settings.mail_password() if mail.username is not None else None
    except RefusedError as refusal:
        return [str(refusal)]
    troubles = []
    for list_id, _, notices, first_due_by in lists.itertuples(index=False, name=None):
        ready = ListReady(list_id, int(notices), first_due_by.date(), f"callbacks_{list_id}")
        trouble = list_ready.tell(mail, ready, password)
        if trouble is not None:
            troubles.append(trouble)
            continue
        with ledger.entry() as at:
            ledger.con.execute(TOLD, {"at": at, "list_id": list_id})
    return troubles
