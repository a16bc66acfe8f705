"""Every deadline of the field is shipped as a rule: which, counted how, by whom, called what."""

import re

import pytest

from chalicelib.referrals.partnership import Partnership
from tests.unit.referrals.shipped import (
    BOTH,
    CATALOGUE,
    CHILD,
    EVERY,
    LOCAL,
    SALFORD,
    SUFFOLK,
    Shipped,
    rule_of,
)


@BOTH
def test_the_rules_shipped_are_those_of_the_catalogue(partnership: Partnership) -> None:
    shipped = {rule.id for rule in partnership.deadlines}

    assert shipped == {entry.rule for entry in CATALOGUE[partnership.id]}


def test_suffolk_has_every_duty_of_both_streams_and_salford_the_childs_and_its_own() -> None:
    codes = {name: {entry.code for entry in found} for name, found in CATALOGUE.items()}

    assert codes["suffolk"] == {f"A{n}" for n in range(2, 9)} | {f"C{n}" for n in range(2, 17)}
    assert codes["salford"] == {"A2"} | {f"C{n}" for n in range(1, 17)}


@pytest.mark.parametrize(("partnership", "shipped"), EVERY)
def test_a_rule_is_as_the_catalogue_has_it(partnership: Partnership, shipped: Shipped) -> None:
    rule = rule_of(partnership, shipped.rule)

    found = (rule.trigger, rule.length, rule.unit, rule.status, rule.responsible, rule.met_by)
    assert (*found, rule.remind_before) == shipped[2:]


@pytest.mark.parametrize(("partnership", "shipped"), EVERY)
def test_a_rule_runs_in_the_cases_of_its_stream(partnership: Partnership, shipped: Shipped) -> None:
    streams = {
        one for one in partnership.forms if rule_of(partnership, shipped.rule).applies_to(one)
    }

    expected = {"adult" if shipped.code.startswith("A") else "child"}
    if shipped.rule in ("acknowledge", "national-notice-c4"):
        expected = set(partnership.forms)
    assert streams == (set() if shipped.code == "A8" else expected)


@BOTH
def test_prompts_are_the_duties_of_others_and_the_warning_of_a_delay(
    partnership: Partnership,
) -> None:
    prompts = {rule.id for rule in partnership.deadlines if rule.kind == "prompt"}

    assert prompts == {"panel-reply", "lcspr-delay", "other-process-notice", "provider-notice"}


@BOTH
def test_only_the_months_of_a_review_are_chased_weekly(partnership: Partnership) -> None:
    chased = {rule.id: rule.remind_overdue for rule in partnership.deadlines if rule.chased}

    weekly = {name for name, how_often in chased.items() if how_often == "weekly"}
    assert weekly == {"sar-complete", "lcspr-complete"} & chased.keys()
    assert set(chased.values()) == {"weekly", "daily"}


@BOTH
def test_what_is_shown_and_never_reminded(partnership: Partnership) -> None:
    silent = {rule.id for rule in partnership.deadlines if not rule.remind_before}

    local = {entry.rule for entry in LOCAL}
    others = {"rapid-review-cautious", "provider-notice"}
    assert silent == others | (local if partnership is SALFORD else set())


@BOTH
def test_the_steps_of_a_rapid_review_have_windows(partnership: Partnership) -> None:
    windows = {
        rule.id: (rule.window_from, rule.length)
        for rule in partnership.deadlines
        if rule.window_from is not None
    }

    assert windows == {
        "rapid-review-summaries": (2, 10),
        "rapid-review-meeting": (10, 12),
        "rapid-review-sign-off": (12, 15),
        "panel-reply": (10, 15),
    }


@BOTH
def test_ambiguous_clocks_are_clocks_of_one_duty_and_never_one_rule(
    partnership: Partnership,
) -> None:
    duties: dict[str, set[str]] = {}
    for rule in partnership.deadlines:
        duties.setdefault(rule.act, set()).add(rule.id)

    several = {act: rules for act, rules in duties.items() if len(rules) > 1}
    expected = {"rapid-review": {"rapid-review", "rapid-review-cautious"}}
    if partnership is SALFORD:
        expected["local-referral"] = {"local-referral", "local-referral-working-days"}
    assert several == expected


@BOTH
def test_only_a_planned_publication_may_lie_ahead(partnership: Partnership) -> None:
    planned = {name for name, known in partnership.dates.items() if known.planned}

    assert planned == {"publication_planned_on"}


@BOTH
def test_who_knew_when_is_kept_as_three_dates(partnership: Partnership) -> None:
    assert {"referrer_aware_on", "partnership_aware_on", "la_aware_on"} <= partnership.dates.keys()


# Words that would tell a passer-by what happened, or to whom.
TELLING = re.compile(
    r"\b(die[ds]?|dead|death|fatal|looked|care|leaver|harm|abuse|neglect|injur|suicide|cdop|child)",
    re.IGNORECASE,
)
REVIEWS = re.compile(r"(Local )?Child Safeguarding Practice Review|Safeguarding Adults? \w+")


@BOTH
def test_no_email_says_what_happened_or_to_whom(partnership: Partnership) -> None:
    telling = {
        rule.id: rule.told_as
        for rule in partnership.deadlines
        if TELLING.search(REVIEWS.sub("", rule.told_as))
    }

    assert telling == {}


@BOTH
def test_no_two_duties_have_the_same_name_in_an_email(partnership: Partnership) -> None:
    reminded = [rule.told_as for rule in partnership.deadlines if rule.remind_before]

    assert len(set(reminded)) == len(reminded)


def test_the_childs_rules_are_the_same_in_both_but_for_what_a_review_is_called() -> None:
    for entry in CHILD:
        suffolk, salford = rule_of(SUFFOLK, entry.rule), rule_of(SALFORD, entry.rule)
        if entry.rule != "national-notice-c4":
            assert suffolk.when == salford.when
        assert suffolk.label.replace("Local Child", "Child") == salford.label
        assert (suffolk.source, suffolk.duty) == (salford.source, salford.duty)
