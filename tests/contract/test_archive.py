"""What every archive of form versions does."""

from tests.contract.conftest import Stores
from tests.contract.samples import a_form


def test_a_kept_version_is_found_whole(stores: Stores) -> None:
    form = a_form(pages=[{"id": "one", "ask": ["summary"]}], text={"en": "“é”"})

    stores.archive.keep(form)

    assert stores.archive.find("adult", form.version) == form.document


def test_an_unknown_version_is_not_found(stores: Stores) -> None:
    stores.archive.keep(a_form())

    assert stores.archive.find("adult", "f" * 16) is None
    assert stores.archive.find("child", a_form().version) is None


def test_a_version_kept_twice_stays_as_it_was(stores: Stores) -> None:
    stores.archive.keep(a_form(pages=["first"]))

    stores.archive.keep(a_form(pages=["second"]))

    assert stores.archive.find("adult", a_form().version) == a_form(pages=["first"]).document
