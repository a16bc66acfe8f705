"""A case whose every text is marked, taken through every form of the staff pages.

Whatever a person could type is: in the notification, in each box of each form, in the answer that a
referrer adds. Everything that left the service on the way is kept, to be looked through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from chalicelib.referrals.delivery import State
from chalicelib.referrals.staff import Person, Role
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.staff_session import open_session
from chalicelib.web.http import Request, Response
from chalicelib.web.request_log import log_request
from chalicelib.web.routes import route_name
from tests.staff import COOKIE, a_person
from tests.unit.use_cases.disposing import let_years_pass
from tests.unit.use_cases.instance import ANSWERS
from tests.unit.web.staff.conftest import SUPPORT, Office
from tests.unit.web.staff.test_canary import MARK, marked
from tests.visitor import Visitor, text_in

# One who may do everything, so that no page is left out.
EVERYBODY = a_person(*Role, id="p-everybody", name="Eve Everybody")
# Whoever released the last hold does not approve the disposal.
ANOTHER = a_person(*Role, id="p-another", name="Ann Another")
TODAY = {"day": "20", "month": "11", "year": "2026"}
AHEAD = {"day": "21", "month": "12", "year": "2026"}
CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b")
Typed = Mapping[str, str | Mapping[str, str]]
DECISION: Typed = {"outcome": "sar_discretionary", "review_on": AHEAD}
# Each form once, so that what one needs was done before. Only what is not typed freely is named.
LIFE: tuple[tuple[str, Typed], ...] = (
    ("acknowledge", {}),
    ("assign", {"assignee": "me"}),
    ("information", {"answer_by": AHEAD, "how": "email"}),
    ("information/{request}/withdrawn", {}),
    ("redirect", {"at": "12:30", "afterwards": "stays"}),
    ("links/related", {"other": "{other}"}),
    ("links/ended", {}),
    ("packs", {"expires": AHEAD}),
    ("conflicts", {"person": SUPPORT.id}),
    ("conflicts/ended", {"person": SUPPORT.id}),
    ("dates/scoping_requested_on", {}),
    ("deadlines/agency-returns/met", {}),
    ("deadlines/panel-considers/withdrawn", {}),
    ("deadlines/panel-considers/in-force", {}),
    ("deadlines/panel-considers/not-applicable", {}),
    ("stage", {"stage": "scoping"}),
    ("recommendation", DECISION),
    ("decision", DECISION),
    ("hold", {}),
    ("hold/released", {}),
    ("close", {"outcome": "withdrawn_by_referrer"}),
    ("reopen", {"stage": "scoping"}),
    ("links/duplicate", {"other": "{other}"}),
    ("disposal", {"reference": "{reference}", "checked": "yes"}),
    ("disposal/taken-back", {}),
)


@dataclass
class Answered:
    """One answer of the service: to what, and by which route."""

    path: str
    route: str
    response: Response


@dataclass
class Watched(Visitor):
    """A visitor all of whose answers are kept and logged, as app.py does."""

    answered: list[Answered] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        response = super().send(method, path, body, headers)
        request = Request(method, path.partition("?")[0])
        route = route_name(request, self.services)
        log_request(request, response, route, 1.0)
        self.answered.append(Answered(path, route, response))
        return response


@dataclass
class MarkedLife:
    """The marked case, another that it is linked with, and everybody's answers."""

    office: Office
    reference: str
    other: str
    desk: Watched
    numbers: count[int] = field(default_factory=count)

    @property
    def base(self) -> str:
        return f"/staff/cases/{self.reference}"

    def live(self) -> None:
        """Every form once; years go by before the case may be disposed of."""
        for tail, typed in LIFE:
            if tail == "disposal":
                let_years_pass(self.office.instance)
                self.sign_in(ANOTHER)
            self.act(tail, typed)
            if tail == "information":
                self.answer_as_referrer()
                self.act(tail, typed)  # another, which is withdrawn
            self.deliver_all()

    def dispose(self) -> None:
        """Nothing is left of the case but the proof of it."""
        self.act("disposal", dict(LIFE)["disposal"])
        self.office.instance.clock.move(hours=24)
        self.deliver_all()
        self.sign_in()

    def act(self, tail: str, typed: Typed) -> None:
        known = {"request": self.newest("requests"), "reference": self.reference}
        known["other"] = self.other
        page = self.desk.get(f"{self.base}/{tail.format(**known)}")
        assert page.status == 200, (tail, page.text)
        fields = self.filled(typed, known)
        page = self.desk.post(page.path, fields)
        assert page.status == 200, (tail, page.errors or page.text[:600])

    def filled(self, typed: Typed, known: Mapping[str, str]) -> dict[str, list[str]]:
        """The open form as it is sent: a mark of its own in every box that takes any text."""
        page = self.desk.page
        assert page is not None
        form, fields = page.main_form(), page.fields()
        for control in form.iter("input", "textarea"):
            name, kind = control.get("name", ""), control.get("type", "text")
            box = name.rpartition("-")[2]
            if box in TODAY:
                given = typed.get(name.removesuffix(f"-{box}"), TODAY)
                fields[name] = [given[box] if isinstance(given, Mapping) else ""]
            elif name in typed:
                fields[name] = [str(typed[name]).format(**known)]
            elif kind in ("radio", "checkbox"):
                fields.setdefault(name, [control.get("value", "")])
            elif control.tag == "textarea" or kind == "text":
                fields[name] = [f"{MARK}{next(self.numbers)}{name}"]
        fields |= {n: [str(v)] for n, v in typed.items() if n in page.names() and n == "outcome"}
        return fields

    def newest(self, kind: str) -> str:
        """The id of the last request or pack of the case, if it has any."""
        made = getattr(self.office.instance.table.cases[self.reference].work, kind)
        return str(made[-1].id) if made else ""

    def answer_as_referrer(self) -> None:
        """The page that shows the code is open."""
        assert self.desk.page is not None
        found = CODE.search(self.desk.page.text)
        assert found, self.desk.page.text
        visitor = Watched(self.desk.services, answered=self.desk.answered)
        visitor.get("/information")
        visitor.fill(reference=self.reference, code=found.group())
        visitor.fill(answer=f"{MARK}answer", name=f"{MARK}answerer")
        assert visitor.page is not None
        page = visitor.post("/information", {**visitor.page.fields(), "step": "send"})
        assert "added" in text_in(next(page.tree.iter("h1")))

    def deliver_all(self) -> None:
        """What the table's stream would hand over."""
        for delivery in list(self.office.instance.table.deliveries.values()):
            if delivery.state is State.PENDING:
                deliver(self.office.instance.services, delivery.id)

    def sign_in(self, person: Person = EVERYBODY) -> None:
        self.desk.cookies[COOKIE] = open_session(self.office.instance.services, person)


def a_marked_life() -> MarkedLife:
    """Both cases were just received, and nothing was done yet."""
    office = Office()
    open_session(office.instance.services, SUPPORT)  # so that they can be chosen
    desk = Watched(office.instance.services)
    case, other = (office.receive(**marked(ANSWERS["adult"])) for _ in range(2))
    life = MarkedLife(office, case, other, desk)
    life.sign_in()
    life.deliver_all()
    return life
