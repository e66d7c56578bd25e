"""Every address of the site, who may see it, and what answers. Tests go through this table."""

from csip_pipeline.serve import (
    access_pages,
    callback_pages,
    front_pages,
    open_pages,
    pack_files,
    sample_pages,
    sign_in_pages,
    upload_pages,
)
from csip_pipeline.serve.guard import Page
from csip_pipeline.serve.roles import May, Zone

PAGES = (
    Page("/", front_pages.home),
    Page("/cycles/{cycle}", front_pages.cycle, zone=Zone.PUBLIC, needs=May.READ),
    Page(
        "/cycles/{cycle}/{revision}/public/{file:path}",
        pack_files.public,
        zone=Zone.PUBLIC,
        needs=May.READ,
    ),
    Page(
        "/cycles/{cycle}/{revision}/restricted/{file:path}",
        pack_files.restricted,
        zone=Zone.OFFICE,
        needs=May.COMPARE,
    ),
    Page("/sample", sample_pages.samples, zone=Zone.MEETING, needs=May.WATCH),
    Page("/sample/{cycle}", sample_pages.sample, zone=Zone.MEETING, needs=May.WATCH),
    Page(
        "/sample/{cycle}/draw",
        sample_pages.sample,
        sample_pages.dice,
        zone=Zone.MEETING,
        needs=May.DRAW,
    ),
    Page("/sample/{cycle}/{file}", sample_pages.file, zone=Zone.MEETING, needs=May.WATCH),
    Page(
        "/upload/scores",
        upload_pages.scores,
        upload_pages.take_scores,
        zone=Zone.SCORES,
        needs=May.SCORE,
        takes_files=True,
    ),
    Page(
        "/upload/callbacks",
        upload_pages.callbacks,
        upload_pages.take_callbacks,
        zone=Zone.CALLBACKS,
        needs=May.CALL,
        takes_files=True,
    ),
    Page("/callbacks", callback_pages.lists, zone=Zone.CALLBACKS, needs=May.CALL),
    Page("/callbacks/{list}", callback_pages.fetch, zone=Zone.CALLBACKS, needs=May.CALL),
    Page("/log", access_pages.log, zone=Zone.ACCESS, needs=May.AUDIT),
    Page(
        "/accounts",
        access_pages.accounts,
        access_pages.lock,
        zone=Zone.ACCESS,
        needs=May.AUDIT,
    ),
    Page("/password", sign_in_pages.password, sign_in_pages.change_password),
    Page("/sign-in", sign_in_pages.sign_in, sign_in_pages.enter, is_open=True),
    Page("/sign-out", None, sign_in_pages.leave),
    Page("/help", open_pages.help_page, is_open=True),
    Page("/style.css", open_pages.style, is_open=True),
    Page("/healthz", open_pages.healthz, is_open=True),
)
