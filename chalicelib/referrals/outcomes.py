"""How a case may end: the codes that all partnerships share (the design's domain notes, 2C)."""

SAR_MANDATORY = "sar_mandatory"
NO_REVIEW = "no_review_reasons_recorded"

_ADULT = frozenset({SAR_MANDATORY, "sar_discretionary"})
_CHILD = frozenset(
    {"lcspr", "lcspr_discretionary", "national_review_requested", "rapid_review_only"}
)
OUTCOMES = (
    SAR_MANDATORY,
    "sar_discretionary",
    "lcspr",
    "lcspr_discretionary",
    "national_review_requested",
    "rapid_review_only",
    "local_case_review",
    "learning_review",
    "multi_agency_audit",
    "single_agency_review",
    "serious_offence_review",
    "seriously_good_outcome_review",
    "thematic_review",
    "joint_review_other_process",
    "passed_to_other_area",
    "passed_to_other_process",
    "live_concern_redirected",
    "duplicate_merged",
    "withdrawn_by_referrer",
    NO_REVIEW,
)
# A case that ends so was never one to decide.
ADMINISTRATIVE = frozenset(
    {
        "passed_to_other_area",
        "passed_to_other_process",
        "live_concern_redirected",
        "duplicate_merged",
        "withdrawn_by_referrer",
    }
)
# Once one of these is decided nothing is left to run.
NOTHING_FOLLOWS = frozenset({NO_REVIEW, "rapid_review_only"})


def outcomes_for(stream: str) -> tuple[str, ...]:
    """The outcomes that a case of a stream may have, in their order."""
    others = _CHILD if stream == "adult" else _ADULT
    return tuple(outcome for outcome in OUTCOMES if outcome not in others)
