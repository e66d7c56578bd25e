"""A frame is frozen whole or not at all, gives nobody away, and never changes after its draw."""

import hashlib

import pytest
from sample_given import CYCLE

from csip_pipeline.publish import manifests
from csip_pipeline.publish.sampling import freezing
from csip_pipeline.refusals import RefusedError


def test_the_frame_is_every_call_to_101_of_the_cycle_that_somebody_answered(panel):
    panel.calls(
        {"line": "999"},
        {"outcome": "abandoned"},
        {"channel": "web_form"},
        {"received_at": "2025-12-31 23:59"},
        {"received_at": "2026-04-01 00:00"},
        {"received_at": "2026-03-31 22:59"},
    )
    frame = panel.freeze()

    assert (frame["rows"], frame["strata"]) == (41, {"all": 41})
    content = (panel.folder / "sample_frame.csv").read_bytes()
    assert frame["sha256"] == hashlib.sha256(content).hexdigest() == panel.told["frame"]["sha256"]


def test_the_public_frame_gives_away_no_call(panel):
    panel.freeze()
    rows = (panel.folder / "sample_frame.csv").read_text().splitlines()

    assert rows[0] == "row,reference,stratum"
    references = [row.split(",")[1] for row in rows[1:]]
    assert references == sorted(set(references))
    assert all(len(reference) == 10 and reference.isalpha() for reference in references)
    public = b"".join(path.read_bytes() for path in panel.folder.iterdir())
    assert b"telephone" not in public


def test_another_key_gives_every_call_another_reference(panel, monkeypatch):
    one = panel.freeze()["sha256"]
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", "l" * 40)

    assert panel.freeze()["sha256"] != one


def test_who_each_reference_stands_for_is_read_by_its_owner_alone(panel):
    panel.freeze()
    path = freezing.kept(panel.here, CYCLE.cycle)

    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0


def test_freezing_the_same_calls_again_changes_nothing(panel):
    frame = panel.freeze()
    before = panel.files()

    assert panel.freeze() == frame
    assert panel.files() == before


def test_a_reason_corrected_after_the_draw_does_not_reach_the_frozen_frame(panel):
    panel.freeze()
    panel.draw()
    before = panel.files()
    panel.con.execute("update harmonise.contacts set reason_group = 'chasing_an_update'")
    panel.freeze()

    assert panel.files() == before


@pytest.mark.parametrize("lost", ["published/2026-Q1/sample_frame.csv", "restricted/samples/*.pa*"])
def test_freezing_again_restores_a_file_of_the_frame_that_was_lost(panel, lost):
    panel.freeze()
    panel.draw()
    before = panel.files()
    for path in panel.here.data.glob(lost):
        path.unlink()
    assert panel.files() != before

    panel.freeze()
    assert panel.files() == before


def test_other_calls_before_the_draw_supersede_the_frame_and_keep_its_hash(panel):
    first = panel.freeze()
    panel.calls({})
    second = panel.freeze()

    assert panel.told["frame"] == second
    assert panel.told["superseded_frames"] == [first]


def test_other_calls_after_the_draw_are_refused_and_change_nothing(panel):
    panel.freeze()
    panel.draw()
    panel.calls({})
    before = panel.files()

    with pytest.raises(RefusedError, match="drawn from already"):
        panel.freeze()
    assert panel.files() == before


def test_a_frame_of_a_month_that_was_not_run_is_refused(panel):
    panel.con.execute("delete from extract.intake where month = '2026-02-01'")

    with pytest.raises(RefusedError, match="2026-02 has not been run to its end"):
        panel.freeze()
    assert panel.files() == {}


def test_a_frame_without_a_call_is_refused(panel):
    panel.con.execute("delete from harmonise.contacts")

    with pytest.raises(RefusedError, match="nothing to draw from"):
        panel.freeze()
    assert panel.files() == {}


@pytest.mark.parametrize("step", ["public", "manifest"])
@pytest.mark.parametrize("frames_before", [0, 1])
def test_a_freeze_killed_half_way_and_run_again_is_whole(panel, monkeypatch, step, frames_before):
    if frames_before:
        panel.freeze()
        panel.calls({})
    with monkeypatch.context() as patched:
        kill_at(step, patched)
        with pytest.raises(KeyboardInterrupt):
            panel.freeze()
    assert freezing.kept(panel.here, CYCLE.cycle).is_file()
    panel.freeze()
    panel.draw()
    frame, sample = panel.load()

    assert (len(frame), len(sample)) == (40 + frames_before, 13)
    assert panel.faults() == []
    assert len(panel.told.get("superseded_frames", [])) == frames_before


def test_a_freeze_killed_half_way_whose_calls_change_back_is_whole(panel, monkeypatch):
    panel.freeze()
    before = panel.files()
    panel.calls({})
    with monkeypatch.context() as patched:
        kill_at("manifest", patched)
        with pytest.raises(KeyboardInterrupt):
            panel.freeze()
    panel.con.execute("delete from harmonise.contacts where contact_id = 'telephone:41'")
    panel.freeze()

    assert panel.files() == before


def kill_at(step, patched):
    """End a freeze at a step, as a power cut would."""
    put = freezing.put

    def dies(*_given):
        raise KeyboardInterrupt

    def dies_at_the_public_one(path, content):
        return dies() if path.suffix == ".csv" else put(path, content)

    if step == "public":
        patched.setattr(freezing, "put", dies_at_the_public_one)
    else:
        patched.setattr(manifests, "put", dies)


def test_a_stratum_so_small_that_packs_would_hide_it_is_refused(divided):
    """The frame is public: whoever counts its rows would know."""
    divided.con.execute("update reference.force set hide_below = 4")
    before = divided.files()

    with pytest.raises(RefusedError, match=r"fewer than 4 calls are of lost, and anybody"):
        divided.freeze("queue")
    assert divided.files() == before
    assert divided.freeze()["strata"] == {"all": 40}
