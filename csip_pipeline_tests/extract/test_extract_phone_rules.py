"""[phones] in feeds.toml says which numbers are accepted; a wrong word is refused at once."""

import re

import pytest

from csip_pipeline.extract.phone_rules import phone_rule
from csip_pipeline.phones import PhoneRule
from csip_pipeline.refusals import RefusedError


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ({}, PhoneRule(accept="possible", region="GB")),
        ({"accept": "valid"}, PhoneRule(accept="valid", region="GB")),
        ({"region": "IE"}, PhoneRule(accept="possible", region="IE")),
    ],
)
def test_what_is_unsaid_is_possible_numbers_in_britain(table, rule):
    assert phone_rule(table) == rule


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"acept": "valid"}, 'unknown key "acept". Did you mean "accept"?'),
        ({"colour": "blue"}, 'unknown key "colour". Known: accept, region.'),
        ({"accept": "vaild"}, 'accept cannot be "vaild". Did you mean "valid"?'),
        ({"accept": True}, 'accept cannot be "True". Known: possible, valid.'),
        ({"accept": ["valid"]}, "accept cannot be"),
        ({"region": "UK"}, 'no region is called "UK". Did you mean "GB"?'),
        ({"region": "ie"}, 'no region is called "ie". Did you mean "IE"?'),
        ({"region": "Britain"}, 'Two capitals, such as "GB" or "IE".'),
        ({"region": ["GB"]}, "no region is called"),
        ("valid", "[phones] is a table"),
    ],
)
def test_a_wrong_word_is_refused_with_the_nearest(table, told):
    with pytest.raises(RefusedError, match=re.escape(told)) as refusal:
        phone_rule(table)

    assert str(refusal.value).startswith("feeds.toml")
