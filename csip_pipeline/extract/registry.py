"""Every feed and every format by name, so that an undeclared one fails at once."""

from csip_pipeline.extract import (
    callback_outcomes,
    panel_scores,
    social,
    telephony,
    web_chats,
    web_forms,
    web_sessions,
)
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.formats import (
    amazon_connect,
    asterisk_cdr,
    asterisk_queue_log,
    customer_support_on_twitter,
    delimited,
    intercom,
    json_lines,
    workbook,
    zendesk_chat,
)
from csip_pipeline.extract.formats.format import Format

FEEDS: dict[str, Feed] = {
    module.FEED.name: module.FEED
    for module in (
        telephony,
        web_forms,
        web_chats,
        web_sessions,
        social,
        callback_outcomes,
        panel_scores,
    )
}

FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (
        amazon_connect,
        asterisk_cdr,
        asterisk_queue_log,
        customer_support_on_twitter,
        delimited,
        intercom,
        json_lines,
        workbook,
        zendesk_chat,
    )
}
