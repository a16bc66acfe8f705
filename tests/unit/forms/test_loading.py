"""Loading a form: what is shared, what an overlay adds, what the version depends on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chalicelib.forms.definition import Form
from chalicelib.forms.journey import walk
from chalicelib.forms.load import form_from_document, load_form
from tests.unit.forms.builders import a_small_form, authored, load
from tests.unit.forms.samples import FIXTURES, ROOT, every_question


def overlaid() -> Form:
    """The fixture form under its overlay."""
    return load_form(FIXTURES, "every-question", "anywhere")


def test_a_form_without_overlay_loads_for_any_partnership() -> None:
    assert load_form(FIXTURES, "every-question", "elsewhere") == every_question()


def test_a_question_of_the_common_file_is_asked_with_its_own_text() -> None:
    assert every_question().questions["your_name"].text == "What is your name?"


def test_the_text_of_a_form_wins_over_the_common_text(tmp_path: Path) -> None:
    form = a_small_form()
    form["pages"].append({"use": "you"})
    own = {"your_name": {"question": "Who are you?"}}
    form["text"]["en"]["questions"] |= own

    question = load(tmp_path, form).questions["your_name"]

    assert (question.text, question.noun) == ("Who are you?", "your name")


def test_a_shared_definition_is_put_in_place() -> None:
    assert every_question().questions["cause_status"].type == "radios"


def test_a_message_of_the_question_wins_over_the_types(tmp_path: Path) -> None:
    form = a_small_form()
    errors = {"required": "Tell us what happened"}
    form["text"]["en"]["questions"]["summary"]["errors"] = errors

    assert load(tmp_path, form).questions["summary"].errors["required"] == "Tell us what happened"


def test_a_row_is_the_noun_unless_it_is_written() -> None:
    questions = every_question().questions

    assert questions["died_on"].row == "The date of death"
    assert questions["role"].row == "Role"


def test_the_only_page_of_a_group_is_called_details() -> None:
    group = every_question().group("agencies")

    assert group is not None
    assert [page.id for page in group.pages] == ["details"]
    assert group.pages[0].title == "Agency"


def test_an_overlays_page_stands_in_its_slot() -> None:
    ids = [step.id for step in overlaid().steps]

    assert ids[ids.index("local-check") - 1] == "your-details"


def test_an_overlay_narrows_limits_and_options() -> None:
    form = overlaid()
    people = form.group("people")

    assert form.questions["summary"].schema["maxLength"] == 3000
    assert [one.value for one in form.questions["role"].options] == ["professional", "other"]
    assert people is not None
    assert people.max_items == 2


def test_a_page_that_no_narrowed_option_leads_to_is_never_asked() -> None:
    path = walk(overlaid(), {"abuse": ["self_neglect"], "role": "professional"})

    assert "local-check" in [place.url for place in path.places]


def test_an_overlay_explains_in_its_own_words() -> None:
    form = overlaid()
    guide = form.page("guide")

    assert guide is not None
    assert guide.guidance == "Tell us what you know in Anywhere."
    assert form.questions["summary"].hint == "In 3,000 characters."
    assert form.text["start"] == "Before you start, in Anywhere."


def test_the_version_changes_with_a_text_and_not_with_the_order_of_keys(tmp_path: Path) -> None:
    form = a_small_form()
    first = load(tmp_path, form).version
    turned = dict(reversed(form.items()))
    same = load(tmp_path, turned).version
    form["text"]["en"]["questions"]["summary"]["hint"] = "Facts only"

    assert same == first
    assert load(tmp_path, form).version != first
    assert len(first) == 16


def test_a_form_can_be_built_in_another_language(tmp_path: Path) -> None:
    form, common = a_small_form(), authored("common.json")
    english = form["text"]["en"]
    form["text"]["cy"] = {**english, "questions": {"summary": {"question": "Beth?", "noun": "hyn"}}}
    words = every_question().wording["words"]
    common["text"]["cy"] = {"errors": common["text"]["en"]["errors"], "words": dict(words)}

    english_form = load(tmp_path, form, common)
    welsh = form_from_document(english_form.document, language="cy")

    assert welsh.questions["summary"].text == "Beth?"
    assert welsh.version == english_form.version


def test_nothing_heavy_is_imported_to_load_a_form_and_read_a_page() -> None:
    heavy = "{'jsonschema_rs', 'jsonschema', 'markdown_it', 'pydantic', 'boto3', 'zoneinfo'}"
    code = (
        "import sys; from pathlib import Path\n"
        "from chalicelib.forms import answers, journey, problems\n"
        "from chalicelib.forms.load import load_form\n"
        "load_form(Path('forms'), 'adult')\n"
        f"print(sorted(sys.modules.keys() & {heavy}))"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout

    assert printed.strip() == "[]"
