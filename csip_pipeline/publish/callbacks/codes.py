"""The code that a worklist prints beside each notice, by which a returned row is known again.

It is the beginning of HMAC-SHA256(key, list + notice). A row whose notice and code do not belong
together was moved, typed by hand, or stands in a list that is not the one issued.
"""

from csip_pipeline.pseudonyms import pads

CODE = (
    "left(sha256($outer || unhex(sha256($inner || "
    "encode('code' || notices.list_id || notices.notice_id)))), 8)"
)
"""The SQL expression of a notice's code; its parameters are pads_of the ledger's key."""


def pads_of(key: bytes) -> dict[str, object]:
    """The parameters of CODE."""
    return dict(pads(key))
