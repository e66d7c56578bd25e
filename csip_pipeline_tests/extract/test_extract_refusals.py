"""A file that cannot be read is refused with its name, the cause and what to do; others go on."""

import gzip

import pytest
from extract_samples import CALLS, FORM_HEADER, FORMS, HEADER, OCTOBER, call

from csip_pipeline.extract import deliveries, sources
from csip_pipeline.refusals import RefusedError

GOOD = f"{HEADER}\n{call('SECRET')}\n".encode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("calls.csv", b"", ["is empty", "send it again"], id="empty"),
        pytest.param("calls.csv", b"\xef\xbb\xbf\n \n", ["nothing but blank lines"], id="blank"),
        pytest.param(
            "calls.csv",
            HEADER.encode(),
            ["a header and no row", "failed extract", "send it again"],
            id="header only",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b",", b";"),
            ['no column "Ref"', "source", "control room", "call_id"],
            id="another delimiter",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b"Start", b"Started"),
            ['no column "Start"', "arrived_at", 'nearest is "Started"', "Correct the mapping"],
            id="a column renamed",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b"Talk", b"Ring"),
            ['two columns of the header are called "Ring"', "rename"],
            id="a column twice",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b"05/10/2026", b"2026-10-05"),
            [
                "no row has a date",
                "Line 2: arrived_at is not a time written %d/%m/%Y",
                "feeds.toml",
            ],
            id="another date format",
        ),
        pytest.param(
            "calls.csv.gz",
            gzip.compress(GOOD)[:-9],
            ["cut off", "send it again"],
            id="cut-off gzip",
        ),
        pytest.param("calls.csv.gz", GOOD, ["not the gzip file"], id="not gzip at all"),
        pytest.param(
            "calls.csv",
            GOOD + b"\x00" * 64,
            ["line 3", "NUL", "interrupted", "undamaged copy"],
            id="NUL bytes",
        ),
        pytest.param(
            "calls.csv",
            GOOD.decode().encode("utf-16-le"),
            ["NUL", "UTF-16 without a byte order mark", 'encoding = "utf-16-le"'],
            id="UTF-16 that does not say so",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b"OP1", b"Andr\xe9"),
            ["not text in UTF-8", 'encoding = "cp1252"'],
            id="cp1252 that is not declared",
        ),
        pytest.param(
            "calls.csv",
            GOOD.replace(b"Ref,", b'Ref,"', 1),
            ["line 1", "header", "quotation mark", "RFC 4180"],
            id="a quotation mark in the header never closed",
        ),
    ],
)
def test_the_refusal_names_the_file_the_cause_and_the_remedy(folder, name, content, told):
    folder.expect(CALLS)
    folder.drop(f"telephony/{name}", content)

    (refused,) = folder.catalogue().refused

    assert refused.path.name == name
    assert refused.reason.startswith(name)
    for words in told:
        assert words in refused.reason
    assert "SECRET" not in refused.reason


def test_an_unknown_encoding_is_refused_by_its_name(folder):
    folder.expect(CALLS.replace("zone =", 'encoding = "utf8mb4"\nzone ='))
    folder.drop("telephony/calls.csv", GOOD)

    (refused,) = folder.catalogue().refused

    assert "no encoding is called that" in refused.reason
    assert "utf8mb4" in refused.reason


def test_an_unreadable_file_stops_its_own_feed_and_no_other(folder):
    folder.expect(CALLS, FORMS)
    folder.drop("telephony/calls_1.csv", GOOD)
    folder.take("telephony")
    folder.drop("telephony/calls_2.csv", b"")
    folder.drop("telephony/calls_3.csv", HEADER)
    folder.drop("web_forms/forms.csv", FORM_HEADER, "1,lost_property,2026-10-05 09:00,,,,")

    with pytest.raises(RefusedError) as refusal:
        folder.take("telephony")
    folder.take("web_forms")

    assert [line.split()[0] for line in str(refusal.value).splitlines()] == [
        "calls_2.csv",
        "calls_3.csv",
    ]
    assert folder.column("select call_id from extract.telephony") == ["SECRET"]
    assert folder.column("select form_id from extract.web_forms") == ["1"]


def test_a_file_that_no_source_claims_is_told(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", GOOD)
    folder.drop("telephony/Calls.csv", GOOD)
    folder.drop("telephony/.hidden", GOOD)
    folder.drop("telephony/calls_2.csv.part", GOOD)
    claimed = sources.load(folder.settings.reference / "feeds.toml")

    assert deliveries.unclaimed(folder.settings, claimed) == ["telephony/Calls.csv"]
    assert [delivery.path.name for delivery in folder.catalogue()] == ["calls.csv"]


def test_a_link_is_not_followed(folder, tmp_path):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", GOOD)
    (tmp_path / "elsewhere.csv").write_bytes(GOOD)
    (folder.settings.extracts / "telephony/calls_2.csv").symlink_to(tmp_path / "elsewhere.csv")

    assert [delivery.path.name for delivery in folder.catalogue()] == ["calls.csv"]


def test_a_file_that_two_sources_claim_is_refused(folder):
    folder.expect(CALLS, CALLS.replace("control room", "other room"))
    folder.drop("telephony/calls.csv", GOOD)

    with pytest.raises(
        RefusedError, match=r'telephony/calls.csv .* "control room" and "other room"'
    ):
        folder.catalogue()


def test_the_tolerance_names_rows_columns_and_causes_but_no_value(folder):
    folder.expect(CALLS)
    rows = [call(f"{n}", ring="SECRET") for n in range(3)] + [call("9", queue="")]
    folder.drop("telephony/calls.csv", HEADER, *rows)

    with pytest.raises(RefusedError) as refusal:
        folder.take("telephony", OCTOBER, tolerance=0.02)

    told = str(refusal.value)
    assert told.startswith("telephony, October 2026: 4 of 4 rows cannot be used")
    assert (
        "calls.csv: wait_seconds is not a duration written h:mm:ss (3 rows, the first is 2); "
        "calls.csv: queue must not be empty (1 rows, the first is 5)"
    ) in told
    assert "csip check FILE --feed telephony" in told
    assert "SECRET" not in told
