"""A notification full of people and places, and a pack of all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.referrals.redacted_pack import Pack, PackForm
from chalicelib.referrals.staff import Person, Role
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.make_pack import make_pack, parts_of
from chalicelib.use_cases.read_case import look_again
from tests.unit.use_cases.instance import Instance

MAKER = Person("p-maker", "Mo Maker", frozenset({Role.BUSINESS_SUPPORT}))
TYPED = (
    "Zenobia Quillfeather, born 27/03/1968, lived at 12 Xylophone Road with her son Ptolemy. "
    "QUILLFEATHER'S GP, Dr Yarrowdale, rang 01473 123456. Ptolemy Quillfeather has NHS number "
    "485 777 3456; write to ptolemy@example.org or Vexley, VX1 9ZZ. Crime CR/98765."
)
SECRETS = (
    *("zenobia", "quillfeather", "ptolemy", "yarrowdale", "xylophone", "vexley", "vx1", "9zz"),
    *("123456", "3456", "98765", "example.org", "1968", "osgood", "thistlewick", "moonbeam"),
)
RICH: dict[str, Any] = {
    "referrer_name": "Osgood Thistlewick",
    "summary": TYPED,
    "background": TYPED,
    "police_status": "open",
    "police_crime_ref": "CR/98765",
    "more_to_tell": ["network", "chronology"],
    "adults": [
        {
            "adult_forename": "Zenobia",
            "adult_surname": "Quillfeather",
            "adult_other_names": "Also known as Moonbeam",
            "adult_dob": {"year": 1968, "month": 3, "day": 27},
            "adult_address": {
                "line1": "12 Xylophone Road",
                "town": "Vexley",
                "county": "Suffolk",
                "postcode": "VX1 9ZZ",
            },
            "adult_nhs_number": "4857773456",
            "adult_gp": "Dr Ann Yarrowdale",
            "care_needs": "yes",
            "care_needs_text": "Moonbeam needed help from Mr Thistlewick.",
        }
    ],
    "network": [{"person_name": "Ptolemy Quillfeather", "relation": "son of Zenobia"}],
    "chronology": [{"event_description": TYPED, "event_source": "Osgood"}],
}


def a_form(instance: Instance, reference: str, **changes: Any) -> PackForm:
    """Every part of the case, for four weeks."""
    opened = look_again(instance.services, reference, MAKER)
    given: dict[str, Any] = {
        "purpose": "To look at records about Zenobia",
        "recipient": "Named nurse, hospital trust",
        "expires_on": local_date(instance.clock.now()) + timedelta(days=28),
        "sections": tuple(parts_of(instance.services, opened)),
    }
    return PackForm(**{**given, **changes})


def a_pack(instance: Instance, reference: str, person: Person = MAKER, **changes: Any) -> Pack:
    opened = look_again(instance.services, reference, person)
    form = a_form(instance, reference, **changes)
    return make_pack(instance.services, opened, form, person, opened.case.version)
