"""Whoever has the manifest and the frame can prove the draw, and any edit of either is told."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import given
import pytest
from sample_given import Panel, panel_with, three_queues

from csip_pipeline import warehouse
from csip_pipeline.publish.sampling import verifying
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_sample.py"


@pytest.fixture(scope="module", params=[None, "queue"], ids=["undivided", "divided"])
def published(request, tmp_path_factory):
    """A sample with a withdrawal, of a frame that is one or that is divided: made once."""
    with pytest.MonkeyPatch.context() as patch, warehouse.connected(Path(":memory:")) as con:
        patch.setenv("CSIP_PSEUDONYM_KEY", "k" * 40)
        given.nothing(con)
        made = panel_with(con, tmp_path_factory.mktemp("published"), *three_queues())
        made.freeze(request.param)
        made.draw(size=10, reserves=5)
        made.withdraw(1)
        return made.here.data


@pytest.fixture
def drawn(published, tmp_path):
    """A copy of it, to be edited."""
    return Panel(None, Settings(data=shutil.copytree(published, tmp_path / "data")))


def edit_manifest(panel, change):
    """Publish a manifest with an edited sample."""
    whole = json.loads(panel.manifest.read_text())
    change(whole["sample"])
    panel.manifest.write_text(json.dumps(whole))


def edit_frame(panel, edit):
    """Publish a frame whose third row is edited; returns its hash."""
    path = panel.folder / "sample_frame.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    content = b"".join([*lines[:3], *edit(lines), *lines[4:]])
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def swap(rows):
    """Let two calls change places, their numbers left as they were."""
    own = [row for row in rows if row["stratum"] == rows[0]["stratum"]]
    for key in ("row", "reference"):
        own[0][key], own[1][key] = own[1][key], own[0][key]


EDITS = {
    "seed": lambda told: told["draw"].update(seed="4" + told["draw"]["seed"][1:]),
    "hash": lambda told: told["frame"].update(sha256="0" * 64),
    "two calls swapped": lambda told: swap(told["draw"]["rows"]),
    "a call removed": lambda told: told["draw"]["rows"].pop(),
    "the first call removed": lambda told: told["draw"]["rows"].pop(0),
    "a reference": lambda told: told["draw"]["rows"][3].update(reference="CCCCCCCCCC"),
}
ONLY_OURS = {
    "fewer calls": lambda told: told["draw"].update(size=9),
    "a row number": lambda told: told["draw"]["rows"][3].update(row=41),
    "another reserve": lambda told: told["withdrawn"][0].update(replaced_by=2),
    "another call withdrawn": lambda told: told["withdrawn"][0].update(sample_no=11),
    "a call that nobody drew withdrawn": lambda told: told["withdrawn"][0].update(sample_no=99),
    "no reason": lambda told: told["withdrawn"][0].pop("because"),
    "another reason": lambda told: told["withdrawn"][0].update(because="unflattering"),
    "withdrawn twice": lambda told: told["withdrawn"].append(told["withdrawn"][0]),
    "rows": lambda told: told["frame"].update(rows=41),
    "strata": lambda told: told["frame"].update(strata={"all": 39, "lost": 1}),
}
FRAMES = {
    "a row removed": lambda _: [],
    "a row twice": lambda lines: [lines[3], lines[3]],
    "a reference of another row": lambda lines: [
        lines[3].replace(lines[3].split(b",")[1], lines[9].split(b",")[1])
    ],
    "a number": lambda lines: [b"9" + lines[3]],
    "a stratum": lambda lines: [lines[3].rsplit(b",", 1)[0] + b",other\n"],
}


def test_a_sample_as_it_was_published_holds(drawn):
    proof = verifying.verify(drawn.manifest)

    assert proof.faults == []
    assert proof.looked_at[0].startswith("frame of 40 calls, SHA-256 ")
    assert proof.looked_at[1].endswith("10 calls and 5 reserves, drawn again")
    assert proof.looked_at[2] == "1 withdrawn"


@pytest.mark.parametrize("edit", [*EDITS.values(), *ONLY_OURS.values()], ids=[*EDITS, *ONLY_OURS])
def test_an_edited_manifest_is_told(drawn, edit):
    edit_manifest(drawn, edit)

    assert drawn.faults()


@pytest.mark.parametrize("edit", FRAMES.values(), ids=FRAMES)
def test_an_edited_frame_is_told_even_where_its_hash_was_edited_too(drawn, edit):
    sha256 = edit_frame(drawn, edit)
    assert drawn.faults() == ["The frame is not the one whose hash was published."]

    edit_manifest(drawn, lambda told: told["frame"].update(sha256=sha256))
    assert drawn.faults()


def test_a_frame_without_a_draw_is_told_as_such(divided):
    divided.freeze()

    proof = verifying.verify(divided.manifest)
    assert (proof.looked_at[-1], proof.faults) == ("not drawn yet", [])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sample": {}}', '{"sample": null}'])
def test_a_manifest_without_a_sample_is_refused(tmp_path, content):
    path = tmp_path / "manifest.json"
    path.write_text(content)

    with pytest.raises(RefusedError, match="tells of no call sample"):
        verifying.verify(path)


def test_a_sample_whose_frame_does_not_lie_beside_it_is_refused(drawn, tmp_path):
    alone = shutil.copy(drawn.manifest, tmp_path / "manifest.json")

    with pytest.raises(RefusedError, match="whose frame lies beside it"):
        verifying.verify(Path(alone))


def run_script(panel):
    """The published script, by a Python that sees none of our code."""
    asked = [sys.executable, "-I", str(SCRIPT), str(panel.manifest)]
    return subprocess.run(asked, check=False, capture_output=True, text=True, timeout=30)  # noqa: S603


def test_the_published_script_agrees(drawn):
    ended = run_script(drawn)

    assert ended.stdout == "The sample is the one that the seed draws.\n", ended.stderr


@pytest.mark.parametrize("edit", ["seed", "hash", "two calls swapped", "the first call removed"])
def test_the_published_script_tells_an_edit_of_the_manifest(drawn, edit):
    edit_manifest(drawn, EDITS[edit])
    ended = run_script(drawn)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "AssertionError" in ended.stderr


def test_the_published_script_tells_an_edit_of_the_frame(drawn):
    edit_frame(drawn, FRAMES["a row removed"])
    ended = run_script(drawn)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "another frame" in ended.stderr
