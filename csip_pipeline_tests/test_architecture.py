"""Lineage is what the queries read, names say where things are, and layers meet through tables."""

import ast
import pkgutil
import re
import shutil
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pytest
import yaml

import csip_pipeline
from csip_pipeline import monthly_tables, warehouse
from csip_pipeline.extract.registry import FEEDS, FORMATS
from csip_pipeline.parsed_queries import tables_read
from csip_pipeline.publish import pack_figures
from csip_pipeline.quality import judging
from csip_pipeline.reference.tables import TABLES as CSV_TABLES

PACKAGE = Path(csip_pipeline.__file__).parent
ROOT = PACKAGE.parent
QUERIES = sorted(PACKAGE.rglob("*.sql"))
LAYERS = ("extract", "harmonise", "measure", "publish")
MAY_NOT_IMPORT = {
    "reference": LAYERS,
    "extract": ("harmonise", "measure", "publish"),
    "harmonise": ("extract", "measure", "publish"),
    "measure": ("extract", "harmonise", "publish"),
    "publish": ("extract", "harmonise"),  # a pack's intervals are measure's own formula
}
DAGSTER_ROOM = re.compile(r"csip_pipeline\.(defs\b.*|definitions|cli\w*)")
BESIDE_THE_FEEDS = {"extract.dispositions", "extract.contact_points", "extract.refusals"}
"""Tables that the assets of the feeds write beside their own."""
READ_IN_PYTHON = {
    "publish.callback_list": {
        "csip_pipeline.publish.callbacks.hearing",
        "csip_pipeline.publish.callbacks.reachable",
    },
    "publish.call_frame": {"csip_pipeline.publish.sampling.freezing"},
}
"""The assets that also read tables in SQL within modules, and those modules."""
READ_BESIDES = {
    "publish.callback_list": {"publish/callbacks/flags"},
    "publish.call_frame": {"publish/sampling/frame"},
    "publish.panel_pack": {"publish/edition_inputs"},
}
"""The queries that an asset asks besides those of its table."""
LEDGER = {"publish.notices", "publish.transitions", "publish.entries", "publish.lists"}
LEDGER |= {"publish.remembered"}
"""The tables of the callback ledger, which is a store of its own."""
ASKED_IN_PYTHON = {
    "no_notice_is_past_its_day",
    "no_held_notice_is_past_its_day",
    "every_outcome_is_of_a_notice_issued",
    "every_channel_did_its_work",
    "whoever_is_flagged_is_listed",
    "every_figure_is_as_usual",
}
"""Checks that no query answers: of what was found while callbacks were issued, and of a file."""
AFTER_INTAKE = {"extract.intake"}
"""Not read, but waited for by all of harmonise: nobody goes on from rows unaccounted for."""
PERSONAL = {"person_key", "handler_key", "contact_point"}
"""Columns that name or reach somebody, or stand for them."""
SAMPLED = {"publish.call_frame", "publish.call_sample"}
"""Tell which call a public reference stands for, though nobody's pseudonym."""
WORKED_BY_STAFF = {"publish.callback_list"}
"""Restricted although it holds pseudonyms only: the worklists beside it hold contact points."""
TABLE_READ = re.compile(rf"\b(?:from|join)\s+((?:{'|'.join(LAYERS)}|reference)\.\w+)")
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "constants"}
LONGEST_MODULE = 250


def loaded():
    """What Dagster resolves, as plain data: assets, checks, and the modules that were imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = import_module("csip_pipeline.definitions").defs().resolve_asset_graph()
    nodes = {key: graph.get(key) for key in graph.get_all_asset_keys()}
    checks = {key: graph.get_check_spec(key) for key in graph.asset_check_keys}
    return {
        "assets": {
            ".".join(key.path): {
                "deps": {".".join(parent.path) for parent in node.parent_keys},
                "group": node.group_name,
                "owners": node.owners,
                "kinds": node.kinds,
                "personal_data": node.tags.get("personal_data", "none"),
                "description": node.description,
            }
            for key, node in nodes.items()
        },
        "checks": {
            key.name: {"asset": ".".join(key.asset_key.path), "description": check.description}
            for key, check in checks.items()
        },
        "modules": {name for name in sys.modules if name.startswith("csip_pipeline.defs.")},
    }


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """Loaded in a process of its own: partitions are read from the data folder at import."""
    data = tmp_path_factory.mktemp("data")
    shutil.copytree(ROOT / "data/reference", data / "reference")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CSIP_DATA", str(data))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(loaded).result()


def walked(package):
    """Each module of the package by name, but for those that only Dagster or a terminal needs."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [one.name for one in found if not DAGSTER_ROOM.fullmatch(one.name)]
    return {name: import_module(name) for name in names}


def tables():
    """Each monthly table that is declared anywhere in the package."""
    values = [value for module in walked(csip_pipeline).values() for value in vars(module).values()]
    return {value.name: value for value in values if isinstance(value, monthly_tables.Table)}


@cache
def sources():
    """The syntax tree of each module of the package by name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def imported(tree):
    """Every module that a module imports, and every name from one, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(tree):
    """Every piece of text in a module, docstrings too."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [node.value for node in nodes if isinstance(node.value, str)]


def read_in_python(module):
    """The tables that SQL within a module reads."""
    found = {table for text in strings(sources()[module]) for table in TABLE_READ.findall(text)}
    return found - LEDGER


def importers(*names):
    """The modules that import any of these, or from them."""
    pattern = re.compile(rf"(?:{'|'.join(re.escape(name) for name in names)})(?:\..*)?")
    return {
        module for module, tree in sources().items() if any(map(pattern.fullmatch, imported(tree)))
    }


def by_the_assets_that_write(read):
    """The tables as Dagster knows them: what stands beside the feeds is written by all of them."""
    feeds = {feed.table for feed in FEEDS.values()} if read & BESIDE_THE_FEEDS else set()
    return (read - BESIDE_THE_FEEDS) | feeds


def test_every_asset_depends_on_exactly_what_it_reads_and_none_passes_intake_by(code):
    read = {f"reference.{name}": set() for name in (*CSV_TABLES, "feeds")}
    read |= {feed.table: {"reference.feeds"} for feed in FEEDS.values()}
    read |= {name: by_the_assets_that_write(table.reads) for name, table in tables().items()}
    read |= {"publish.panel_pack": set(pack_figures.reads())}
    read |= {"publish.call_frame": {"reference.panel_cycles", "extract.intake"}}  # by months_run
    read |= {f"publish.{name}": {"publish.call_frame"} for name in ("call_sample", "call_draws")}
    read |= {"publish.quality_site": {table.name for table in judging.JUDGED}}
    for asset, modules in READ_IN_PYTHON.items():
        read[asset] |= set().union(*map(read_in_python, modules))
    for asset, queries in READ_BESIDES.items():
        read[asset] |= {
            table for query in queries for table in tables_read(warehouse.read_query(query))
        }
    for asset in read:
        read[asset] |= AFTER_INTAKE if asset.startswith("harmonise.") else set()

    assert {name: asset["deps"] for name, asset in code["assets"].items()} == read


def test_no_other_module_reads_another_layers_tables_in_python():
    layers = {name: name.split(".")[1] for name in sources() if name.count(".") > 1}
    reading = {
        name
        for name, layer in layers.items()
        if layer in LAYERS
        and any(not table.startswith(f"{layer}.") for table in read_in_python(name))
    }

    assert reading == set().union(*READ_IN_PYTHON.values())


def test_a_check_reads_nothing_that_is_written_after_it(code):
    claims = {
        call.args[0].value: call.args[1].value
        for module, tree in sources().items()
        if module.startswith("csip_pipeline.defs.")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "Claim"
    }
    assert claims.keys() | ASKED_IN_PYTHON == code["checks"].keys()
    for check, query in claims.items():
        before = {code["checks"][check]["asset"]}
        for _ in code["assets"]:
            before |= {dep for asset in before for dep in code["assets"][asset]["deps"]}
        read = by_the_assets_that_write(tables_read(warehouse.read_query(query)))
        assert read <= before, check


def test_whatever_declares_a_feed_or_a_format_is_registered():
    modules = walked(csip_pipeline.extract).values()
    declared = {
        name: [vars(m)[name] for m in modules if name in vars(m)] for name in ("FEED", "FORMAT")
    }

    assert {feed.name: feed for feed in declared["FEED"]} == FEEDS
    assert {one.name: one for one in declared["FORMAT"]} == FORMATS


def test_every_module_of_the_dagster_room_is_loaded(code):
    assert code["modules"] == {name for name in sources() if name.startswith("csip_pipeline.defs.")}


def test_an_assets_key_is_its_group_its_schema_and_the_folder_of_its_queries(code):
    for name, asset in code["assets"].items():
        schema, _, table = name.partition(".")
        assert schema == asset["group"], name
        assert schema in warehouse.SCHEMAS, name
        assert table.isidentifier(), name
    for name, table in tables().items():
        folders = {query.rpartition("/")[0] for query in table.queries}
        assert folders == {code["assets"][name]["group"]}, name


def test_every_asset_says_what_it_is_of_which_kind_and_whose(code):
    for name, asset in code["assets"].items():
        assert (asset["description"] or "").startswith(("One row", "One workbook", "One site")), (
            name
        )
        assert asset["kinds"], name
        assert asset["owners"], name


def test_an_asset_that_holds_somebody_is_tagged_and_no_other_is(code):
    promised = {name: table.promise for name, table in tables().items()}
    promised |= {feed.table: feed.kept for feed in FEEDS.values()}
    columns = {name: set(promise.to_schema().columns) for name, promise in promised.items()}
    holding = {name for name, named in columns.items() if named & PERSONAL}
    reaching = {name for name, named in columns.items() if "contact_point" in named}

    tags = {name: asset["personal_data"] for name, asset in code["assets"].items()}
    assert {name for name, tag in tags.items() if tag != "none"} == holding | SAMPLED
    assert {name for name, tag in tags.items() if tag == "restricted"} == reaching | WORKED_BY_STAFF


def test_every_check_says_what_to_act_on(code):
    for name, check in code["checks"].items():
        assert (check["description"] or "").startswith("Act "), name


def test_dagster_is_known_in_its_own_room_only():
    outside = importers(
        "dagster", "dagster_duckdb", "csip_pipeline.defs", "csip_pipeline.definitions"
    )

    assert {name for name in outside if not DAGSTER_ROOM.fullmatch(name)} == set()


@pytest.mark.parametrize(("layer", "others"), MAY_NOT_IMPORT.items(), ids=MAY_NOT_IMPORT)
def test_layers_meet_through_tables_not_imports(layer, others):
    reaching = importers(*(f"csip_pipeline.{other}" for other in others))

    assert {name for name in reaching if name.split(".")[1] == layer} == set()


def test_channels_never_import_each_other():
    feeds = {
        name for name, module in walked(csip_pipeline.extract).items() if "FEED" in vars(module)
    }

    assert len(feeds) == len(FEEDS)
    assert feeds.isdisjoint(importers(*feeds))


def test_only_settings_reads_the_environment():
    reading = {
        module
        for module, tree in sources().items()
        if any(name in ("os.environ", "os.getenv") for name in imported(tree))
        or any(
            isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
            for node in ast.walk(tree)
        )
    }

    assert reading == {"csip_pipeline.settings"}


@pytest.mark.parametrize("path", QUERIES, ids=[path.stem for path in QUERIES])
def test_a_query_file_is_one_select_that_says_its_grain_and_is_used(path):
    sql = path.read_text(encoding="utf-8")
    name = path.relative_to(PACKAGE).with_suffix("").as_posix()

    assert sql.startswith(("-- One row", "-- How many"))
    assert [one.type for one in duckdb.extract_statements(sql)] == [duckdb.StatementType.SELECT]
    tables_read(sql)
    assert any(name in strings(tree) for tree in sources().values())


def test_the_deployment_names_the_code_and_runs_one_thing_at_a_time():
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    instance = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    (location,) = workspace["load_from"]

    assert location["python_module"]["module_name"] == "csip_pipeline.definitions"
    assert instance["telemetry"]["enabled"] is False
    assert instance["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert instance["run_monitoring"]["enabled"] is True
    assert instance["run_monitoring"]["max_runtime_seconds"] > 0
    assert instance["run_retries"]["retry_on_asset_or_op_failure"] is False


def test_every_module_says_what_belongs_in_it_and_has_one_subject():
    folders = (PACKAGE, ROOT / "csip_pipeline_tests", ROOT / "tools")
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}

    assert [name for name, text in texts.items() if not ast.get_docstring(ast.parse(text))] == []
    assert [path for path in paths if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_no_module_of_the_package_is_long():
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}
