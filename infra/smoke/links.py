"""Where the links of an instance lead: in its emails, on the gateway's pages, after a sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from infra.smoke.checks import Look
from infra.smoke.health import Amiss, health_told
from infra.smoke.visit import BadAddress, NotReached, Site, address

_REMEDY = "Correct web.public_url of its file and deploy, or have that address lead here"


def where_links_lead(look: Look, parameters: Mapping[str, str]) -> str:
    """That they lead to the instance. Raises `Amiss` when they lead elsewhere.

    With a domain of its own an instance answers there only. Without one something else may lead to
    it: what answers there must serve the same partnership.
    """
    public, partnership = parameters.get("PublicUrl", ""), look.partnership
    try:
        if address(public) == look.site.base:
            return f"they lead to {public}"
        fault = _fault(Site(address(public)), parameters.get("DomainName", ""), partnership)
    except (NotReached, Amiss, BadAddress) as error:
        fault = str(error)
    if fault:
        raise Amiss(f"they lead to {public}, not to {look.site.base}: {fault}. {_REMEDY}")
    return f"they lead to {public}, which serves {partnership} too"


def _fault(public: Site, domain: str, partnership: str | None) -> str:
    if domain and urlsplit(public.base).hostname != domain:
        return "that is not the domain of its own"
    answer = public.get("/health")
    if answer.status != 200:
        return f"health answers {answer.status} there"
    served = health_told(answer).partnership
    return "" if served == partnership else f"{served!r} is served there"
