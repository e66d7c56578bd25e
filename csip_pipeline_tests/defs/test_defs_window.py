"""Whoever opens an asset sees its columns, where they come from, and where it is explained."""

# ruff: noqa: TID251 - the tests of the Dagster room
import datetime as dt
import re

import dagster as dg
import pytest

from csip_pipeline import promises, settings
from csip_pipeline.defs import claims, columns, window
from csip_pipeline.refusals import RefusedError

NO_TABLE = {"publish/panel_pack", "publish/quality_site"}
"""A workbook and a site, which promise no columns."""


@pytest.fixture(scope="session")
def specs(code):
    return {spec.key.to_user_string(): spec for spec in code.resolve_all_asset_specs()}


def test_every_table_shows_its_columns_and_their_types(specs):
    for key, spec in specs.items():
        if key in NO_TABLE:
            continue
        shown = spec.metadata["dagster/column_schema"]
        promise = columns.PROMISES[key.replace("/", ".")]
        found = {column.name: column.type.upper() for column in shown.schema.columns}
        assert found == promises.duckdb_columns(promise), key


def test_every_asset_says_its_grain_and_then_what_a_reader_would_get_wrong(specs):
    for key, spec in specs.items():
        grain, *rest = re.split(r"(?<=\.)\s+", spec.description.strip())
        assert grain.startswith("One "), key
        assert rest, key


def test_every_asset_has_its_layer_as_a_tag(specs):
    assert {key: spec.tags["layer"] for key, spec in specs.items()} == {
        key: key.partition("/")[0] for key in specs
    }


def test_every_asset_links_to_a_page_and_heading_that_are_there(specs):
    root = settings.project_root()
    for key, spec in specs.items():
        links = [value.value for name, value in spec.metadata.items() if "documentation" in name]
        assert links, key
        for link in links:
            page, _, heading = link.partition("#")
            text = (root / page).read_text(encoding="utf-8")
            titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
            assert not heading or heading in map(window.anchor, titles), link


def test_a_page_is_a_link_once_somebody_says_where_it_is_served(monkeypatch):
    monkeypatch.delenv(window.DOCUMENTS, raising=False)
    page = "docs/measures.md#breaches"
    assert window.link(page, window.DOCUMENTS) == dg.MetadataValue.path(page)
    monkeypatch.setenv(window.DOCUMENTS, "https://git.example/csip/blob/main/")
    address = f"https://git.example/csip/blob/main/{page}"
    assert window.link(page, window.DOCUMENTS) == dg.MetadataValue.url(address)

    shown = window.shown(dg.AssetSpec(["measure", "breaches"], group_name="measure"))
    assert str(shown.metadata["documentation"].value).startswith("https://git.example/csip/")

    monkeypatch.setenv(window.DOCUMENTS, "javascript:alert(1)")
    with pytest.raises(RefusedError, match=r"^\$CSIP_DOCS_URL is not an address\. Set it to"):
        window.link(page, window.DOCUMENTS)


def test_lineage_leads_to_columns_that_the_other_asset_shows(specs):
    for name in columns.FROM_QUERIES:
        lineage = columns.lineage(name)
        for deps in lineage.deps_by_column.values():
            for dep in deps:
                source = ".".join(dep.asset_key.path)
                assert dep.asset_key.to_user_string() in specs
                assert dep.column_name in promises.duckdb_columns(columns.PROMISES[source])


def test_a_breach_is_traced_to_the_standard_and_to_the_contact():
    deps = columns.lineage("measure.breaches").deps_by_column

    standard = dg.TableColumnDep(dg.AssetKey(["reference", "service_standards"]), "wording")
    person = dg.TableColumnDep(dg.AssetKey(["harmonise", "contacts"]), "person_key")
    assert deps["wording"] == [standard]
    assert deps["person_key"] == [person]


def test_a_table_that_no_query_fills_has_no_lineage():
    assert columns.lineage("extract.telephony") is None


def test_whatever_runs_and_runs_by_itself_says_what_it_does(code):
    repository = code.get_repository_def()
    for each in (*repository.schedule_defs, *repository.sensor_defs):
        assert each.description, each.name
    for job in code.jobs:
        assert code.resolve_job_def(job.name).description, job.name


def test_every_check_begins_with_the_number_that_makes_one_act(code):
    graph = code.resolve_asset_graph()
    for key in graph.asset_check_keys:
        words = graph.get_check_spec(key).description
        assert re.match(r"Act (on any number above 0|on 1|above act_above)\b", words), key


def test_a_column_says_what_it_holds_and_where_it_is_from_since_the_ui_draws_no_lineage():
    shown = {column.name: column for column in columns.explained("measure.response_times").columns}

    assert shown["as_of"].description == "From harmonise.contacts: extracted_at."
    said = shown["paused_seconds"].description
    assert said.startswith("For the clock resolution: ")
    assert said.endswith(
        "From harmonise.contacts: paused_seconds; reference.service_standards: clock."
    )
    assert shown["month"].description is None


def test_what_grows_is_acted_on_above_the_highest_of_the_year_before(monkeypatch):
    counted = {dt.date(2026, 10, 1): 9, dt.date(2026, 3, 1): 8, dt.date(2025, 9, 1): 99}
    monkeypatch.setattr(claims, "_broken", lambda con, query, month: counted.get(month, 0))  # noqa: ARG005 - as asked
    growing = claims.Claim("nothing_grows", "any", "Act.", looks_back=True)

    def asked():
        return growing.asked(None, dt.date(2026, 10, 1))

    grown = asked()
    assert not grown.passed
    assert {name: value.value for name, value in grown.metadata.items()} == {
        "found": 9,
        "act_above": 8,
    }
    counted[dt.date(2026, 10, 1)] = 8
    assert asked().passed
