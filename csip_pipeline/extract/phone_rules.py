"""The table [phones] of feeds.toml: which telephone numbers are accepted, checked when loaded."""

from collections.abc import Mapping

import phonenumbers

from csip_pipeline.extract.source_checks import nearest
from csip_pipeline.phones import DEFAULT_RULE, PhoneRule
from csip_pipeline.refusals import RefusedError

ACCEPTED = ("possible", "valid")
KEYS = ("accept", "region")


def phone_rule(table: object) -> PhoneRule:
    """The rule that a table such as {accept = "possible", region = "GB"} gives; both may be unsaid.

    Raises RefusedError that names the key and suggests the nearest known word.
    """
    if not isinstance(table, Mapping):
        raise RefusedError(
            'feeds.toml: [phones] is a table, such as [phones] with accept = "possible" under it.'
        )
    for key in table:
        if key not in KEYS:
            hint = nearest(str(key), KEYS) or f"Known: {', '.join(KEYS)}."
            raise RefusedError(f'feeds.toml, [phones]: unknown key "{key}". {hint}')
    accept = table.get("accept", DEFAULT_RULE.accept)
    if accept not in ACCEPTED:
        hint = nearest(str(accept), ACCEPTED) or f"Known: {', '.join(ACCEPTED)}."
        raise RefusedError(f'feeds.toml, [phones]: accept cannot be "{accept}". {hint}')
    region = str(table.get("region", DEFAULT_RULE.region))
    if region not in phonenumbers.SUPPORTED_REGIONS:
        upper = "GB" if region.upper() == "UK" else region.upper()
        is_known = upper in phonenumbers.SUPPORTED_REGIONS
        hint = f'Did you mean "{upper}"?' if is_known else 'Two capitals, such as "GB" or "IE".'
        raise RefusedError(f'feeds.toml, [phones]: no region is called "{region}". {hint}')
    return PhoneRule(accept=accept, region=region)
