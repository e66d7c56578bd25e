"""The "Customer Support on Twitter" CSV: one row a public post, with its reply links."""

from csip_pipeline.extract.formats import named, table
from csip_pipeline.extract.formats.format import Format

FORMAT = Format(
    name="customer_support_on_twitter",
    feed="social",
    open=table.delimited,
    # The text of a post is not among the columns that are read.
    judge=named.judged_by(
        "extract/formats/customer_support_on_twitter_rows",
        "a Customer Support on Twitter export",
        (
            "tweet_id",
            "author_id",
            "inbound",
            "created_at",
            "response_tweet_id",
            "in_response_to_tweet_id",
        ),
        lambda source: {"platform": source.text("platform", "twitter")},
    ),
    assemble="extract/formats/customer_support_on_twitter",
    options=table.TEXT_OPTIONS | {"platform"},
    linked_to="list_append(string_split(answered_by, ','), in_reply_to)",
)
