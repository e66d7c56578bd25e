"""Whoever has both editions of a set of tables, and a solver, can tell no small count of it."""

import pytest
from attackers import Attacker
from table_sets import MIDDLING, SMALLEST, two_editions

from csip_pipeline.publish.disclosure import auditing, declared, hiding
from csip_pipeline.publish.disclosure.quantities import THRESHOLD, Published

ALMOST = 1e-6
BATCHES = [range(start, start + 100) for start in range(0, 1000, 100)]


def careful(now, before=()):
    return Published(now, hiding.hide(now, before))


def forgetful(now, _before=()):
    return careful(now)


def naive(now, _before=()):
    """Hides the small ones and nothing else."""
    return Published(now, frozenset(each for each in now.shown if is_small(now.values[each])))


def is_small(value):
    return 0 < value < THRESHOLD


def published(seed, rule, size=SMALLEST):
    """Both editions of a set of tables, each with what the rule hides of it."""
    first, second = two_editions(seed, size)
    assert declared.unbalanced(first.said.statement) == []
    before = rule(first.said.statement)
    return (first, before), (second, rule(second.said.statement, [before]))


def attacked(editions, *, whole):
    """Each hidden count with its true value, and the range in which the attacker knows it to be."""
    attacker, seen, asked = Attacker(), {}, {}
    for number, (edition, out) in enumerate(editions):
        attacker.read(number, edition.published(out.hidden))
        for count, value in edition.counts.items():
            if (count, value) in seen:
                attacker.sum((number, *count), [seen[count, value]])
            elif count in out.hidden:
                asked[number, *count] = value
            seen.setdefault((count, value), (number, *count))
    ranges = attacker.ranges(asked, whole=whole)
    return {count: (value, *ranges[count]) for count, value in asked.items()}


def known_too_well(found, lowest=0):
    """The counts that do not look like anything from nought to five, or from one to five more.

    With `lowest`, one may be known not to be less than that, if its range is as wide all the same.
    """
    return {
        count: (value, least, most)
        for count, (value, least, most) in found.items()
        if most - least < THRESHOLD - ALMOST
        or (is_small(value) and (least > lowest + ALMOST or most < THRESHOLD - ALMOST))
    }


def known(found):
    """The small counts that are known exactly."""
    return {
        count
        for count, (value, least, most) in found.items()
        if is_small(value) and most - least < ALMOST
    }


def test_forty_sets_of_tables_tell_no_small_count():
    asked = 0
    for seed in range(40):
        found = attacked(published(seed, careful), whole=True)
        asked += len(found)
        assert known_too_well(found) == {}, f"set {seed}"
    assert asked > 400


@pytest.mark.soak
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"{seeds.start} to {seeds.stop - 1}")
def test_a_thousand_sets_of_tables_tell_no_small_count(seeds):
    for seed in seeds:
        (first, before), (second, after) = published(seed, careful, MIDDLING)
        assert auditing.audit(before) == auditing.audit(after, [before]) == []
        found = attacked([(first, before), (second, after)], whole=True)
        # The audit knows no whole numbers: of one set in a thousand they tell that a [c] is not 0.
        assert known_too_well(found, lowest=1) == {}, f"set {seed}"


def test_the_attacker_breaks_the_naive_rule_and_the_audit_says_so():
    """An attacker who finds nothing anywhere, or an audit that does, would prove nothing."""
    broken = 0
    for seed in range(12):
        (first, out), _ = published(seed, naive)
        found = attacked([(first, out)], whole=False)
        audited = {(0, *each.quantity): (each.lower, each.upper) for each in auditing.audit(out)}
        assert audited.keys() == known_too_well(found).keys(), f"set {seed}"
        assert audited == {count: pytest.approx(found[count][1:], abs=1e-4) for count in audited}
        broken += bool(known(found))
    assert broken > 6


def test_the_attacker_breaks_a_revision_that_forgets_the_first_edition():
    broken = 0
    for seed in range(20):
        (first, before), (second, after) = published(seed, forgetful)
        found = attacked([(first, before), (second, after)], whole=False)
        audited = auditing.audit(after, [before])
        assert bool(audited) == bool(known_too_well(found)), f"set {seed}"
        broken += bool(audited)
    assert broken > 3
