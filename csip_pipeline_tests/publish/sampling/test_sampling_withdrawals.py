"""A call that cannot be heard gives way to the next reserve, and targeted calls stand apart."""

import pytest
from sample_given import CYCLE

from csip_pipeline.publish import manifests
from csip_pipeline.publish.sampling import listing
from csip_pipeline.refusals import RefusedError


def test_a_withdrawn_call_is_replaced_by_the_next_reserve_of_its_stratum(divided):
    divided.freeze("queue")
    rows = divided.draw(size=10, reserves=5)["rows"]
    traffic = [row["sample_no"] for row in rows if row["stratum"] == "traffic"]
    out, reserves = traffic[0], [number for number in traffic if number > 10]
    entry = divided.withdraw(out, "not_a_call")

    assert entry == {"sample_no": out, "because": "not_a_call", "replaced_by": reserves[0]}
    _, sample = divided.load()
    by_number = sample.set_index("sample_no")
    assert by_number.loc[out, ["state", "withdrawn_because"]].tolist() == [
        "withdrawn",
        "not_a_call",
    ]
    assert by_number.loc[reserves[0], ["state", "stands_for"]].tolist() == ["sampled", out]
    assert (sample["state"] == "sampled").sum() == 10
    assert divided.faults() == []


def test_a_reserve_that_took_a_place_may_be_withdrawn_too(panel):
    panel.freeze()
    panel.draw()
    panel.withdraw(3)
    panel.withdraw(9)
    _, sample = panel.load()

    stands_for = sample.set_index("sample_no")["stands_for"].dropna()
    assert stands_for.to_dict() == {9: 3, 10: 9}
    assert panel.faults() == []


def test_two_withdrawals_at_one_time_take_two_reserves(panel, monkeypatch):
    panel.freeze()
    panel.draw()
    update = manifests.update

    def while_another_withdraws(*given_to):
        monkeypatch.setattr(manifests, "update", update)
        panel.withdraw(5)
        return update(*given_to)

    monkeypatch.setattr(manifests, "update", while_another_withdraws)
    panel.withdraw(3)

    told = [(each["sample_no"], each["replaced_by"]) for each in panel.told["withdrawn"]]
    assert told == [(5, 9), (3, 10)]
    assert panel.faults() == []


@pytest.mark.parametrize(
    ("number", "before"),
    [
        pytest.param(9, [], id="a reserve"),
        pytest.param(3, [3], id="withdrawn already"),
        pytest.param(14, [], id="a number that nobody drew"),
        pytest.param(1001, [], id="a targeted call"),
    ],
)
def test_only_a_call_of_the_sample_can_be_withdrawn(panel, number, before):
    panel.freeze()
    panel.draw()
    panel.target("telephone:1")
    for each in before:
        panel.withdraw(each)
    files = panel.files()

    with pytest.raises(RefusedError, match=f"Call {number} of 2026-Q1 is not in the sample"):
        panel.withdraw(number)
    assert panel.files() == files


def test_without_a_reserve_left_a_withdrawal_is_refused_and_changes_nothing(panel):
    panel.freeze()
    panel.draw(reserves=1)
    panel.withdraw(1)
    before = panel.files()

    with pytest.raises(RefusedError, match="No reserve is left to take the place of call 2"):
        panel.withdraw(2)
    assert panel.files() == before


def test_nothing_can_be_withdrawn_before_the_draw(panel):
    panel.freeze()

    with pytest.raises(RefusedError, match="not drawn yet"):
        panel.withdraw(1)


def test_targeted_calls_stand_apart_and_their_contacts_are_not_published(panel):
    panel.freeze()
    panel.draw()
    panel.target("telephone:7", "telephone:7", because="vulnerability")
    panel.target("telephone:7", "telephone:9")
    _, sample = panel.load()

    apart = sample[sample["arm"] == "targeted"]
    assert apart["sample_no"].tolist() == [1001, 1002]
    assert apart["contact_id"].tolist() == ["telephone:7", "telephone:9"]
    assert set(apart["stratum"]) == {"none"}
    assert (sample["arm"] == "random").sum() == 13
    assert panel.told["targeted"] == 2
    assert b"telephone:7" not in panel.manifest.read_bytes()
    assert panel.faults() == []


def test_the_list_for_the_contact_centre_finds_every_call_and_runs_nothing(panel):
    panel.calls({"contact_id": "telephone:=1+1"})
    panel.freeze()
    panel.draw()
    panel.target("telephone:=1+1")
    panel.load()
    path = listing.write(panel.con, panel.here, CYCLE)

    rows = path.read_text().splitlines()
    assert len(rows) == 1 + 13 + 1
    assert rows[-1].startswith("1001,targeted,sampled,T1001,2026-01-05 09:00:00,enquiries,'=1+1")
    assert path.is_relative_to(panel.here.restricted)
    assert path.stat().st_mode & 0o077 == 0


def test_a_list_before_the_draw_is_refused(panel):
    panel.freeze()
    panel.load()

    with pytest.raises(RefusedError, match="not drawn yet"):
        listing.write(panel.con, panel.here, CYCLE)
