"""Ten thousand people with flags of every kind: every hold is honoured in every file."""

import csv
import random

import pytest
from callback_office import flagged_reasons, flags, reasons_with

from csip_pipeline.pseudonyms import pseudonym

pytestmark = pytest.mark.soak
PEOPLE = 10_000
HOLDING = ["do_not_contact", "domestic_abuse", "safeguarding", "under_18", "no_safe_time"]
HARMLESS = "vulnerable"
TOML = """
[routes]
phone = "notify_file"
email = "notify_file"
"""


def test_no_file_names_anybody_who_is_held(office):
    chance = random.Random(11)  # noqa: S311 - any flags will do
    key = office.settings.pseudonym_key()
    flags(
        office.con,
        *({"flag": flag, "remembered_days": 90} for flag in HOLDING),
        {"flag": HARMLESS, "holds": "no"},
        {"flag": "shared_phone", "contacts_a_month": 20},
    )
    flagged_reasons(office.con, reasons_with(DOMESTIC_ABUSE="domestic_abuse"))
    office.settings.reference.mkdir(parents=True)
    (office.settings.reference / "callbacks.toml").write_text(TOML, encoding="utf-8")

    numbers = {f"+44770{number:07}": None for number in range(900_000, 900_000 + PEOPLE)}
    held, missed, in_touch, listed = set(), [], [], []
    for number in numbers:
        person = pseudonym(key, "phone", number)
        numbers[number] = person
        reason = chance.choices(["CRIME", "DOMESTIC_ABUSE", None, "NEW_CODE"], [80, 8, 8, 4])[0]
        flag = chance.choices([None, HARMLESS, *HOLDING, "unheard_of", ""], [60] + [5] * 8)[0]
        calls = chance.choices([0, 20, 21], [96, 2, 2])[0]
        earlier = chance.random() < 0.03
        missed.append({"person_key": person, "reason": reason})
        in_touch += [{"person_key": person} for _ in range(calls)]
        in_touch += [{"person_key": person, "reason": "DOMESTIC_ABUSE"}] * earlier
        if flag is not None:
            listed.append(f"phone,{number},{flag}")
        if reason != "CRIME" or flag not in (None, HARMLESS) or calls == 21 or earlier:
            held.add(person)

    office.settings.flagged_people.write_text(
        "\n".join(["kind,contact_point,flag", *listed]), encoding="utf-8"
    )
    office.missed(*missed)
    office.reach_by_phone({person: number for number, person in numbers.items()})
    office.in_touch(*in_touch)
    office.issue()

    ids = office.ids()
    assert {who for who, state in office.states().items() if state == "held"} == held
    assert PEOPLE * 0.2 < len(held) < PEOPLE * 0.8
    (path,) = office.settings.notify_files.iterdir()
    with path.open(encoding="utf-8", newline="") as file:
        sent = [row["notice_id"] for row in csv.DictReader(file)]
    issued = sent + [each for rows in office.listed().values() for each in rows]
    assert sorted(issued) == sorted(ids[person] for person in set(ids) - held)
    dialled = path.read_text(encoding="utf-8")
    spoken = {number for number, person in numbers.items() if person in held}
    assert not any(f"0{number[3:]}" in dialled for number in spoken)


def test_whoever_a_reviewer_released_is_called_by_a_person_and_sent_nothing(office):
    office.settings.reference.mkdir(parents=True)
    (office.settings.reference / "callbacks.toml").write_text(TOML, encoding="utf-8")
    office.missed({"reason": "DOMESTIC_ABUSE"}, {"person_key": "bob"})
    office.reach_by_phone({"ann": "+447700900001", "bob": "+447700900002"})
    office.issue()
    office.release("ann")
    office.issue()

    assert office.listed() == {"callbacks_2026-10-2.xlsx": [office.ids()["ann"]]}
    assert [path.name for path in office.settings.notify_files.iterdir()] == [
        "callbacks_2026-10-1_phone.csv"
    ]
