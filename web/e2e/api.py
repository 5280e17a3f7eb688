"""What a journey needs before it begins, sent to the API as any integration would send it."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext

from web.e2e.house import Address
from web.e2e.screen import Scheme, context_of


class Api:
    """A merchant's API key, and the phones of people it vouches for."""

    def __init__(self, browser: Browser, address: Address, key: str) -> None:
        self._browser = browser
        self._address = address
        self._context = context_of(browser)
        self._headers = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send an admin request that must succeed."""
        url = f"{self._address.url}/api/admin{path}"
        return sent(self._context, method, url, body, self._headers)

    def announce(self, template: str) -> str:
        """Publish a campaign from a template and return its id."""
        made = self.ask("POST", "/campaigns", {"template_key": template})
        self.ask("POST", f"/campaigns/{made['id']}/publication")
        return made["id"]

    def people(self, *known: tuple[str, str]) -> list[str]:
        """Return the tokens of people with these phones and names."""
        body = {"people": [{"phone": phone, "name": name} for phone, name in known]}
        return [one["token"] for one in self.ask("POST", "/participants", body)["items"]]

    def start(self, campaign: str, token: str) -> dict[str, Any]:
        """Start a quest by the campaign's first link, and return it."""
        code = self.ask("GET", f"/campaigns/{campaign}/links")["items"][0]["code"]
        return self.as_person(token, "/quests", {"link_code": code})["quest"]

    def support(self, quest: dict[str, Any], token: str) -> dict[str, Any]:
        path = f"/quests/{quest['id']}/supports"
        return self.as_person(token, path, {"link_code": quest["share_code"]})

    def as_person(self, token: str, path: str, body: object) -> Any:
        context = self.phone_of(token)
        answer = sent(context, "POST", f"{self._address.url}/api/public{path}", body)
        context.close()
        return answer

    def phone_of(self, token: str, *, scheme: Scheme = "light", scale: float = 1) -> BrowserContext:
        """Return a phone's browser that knows its owner."""
        context = context_of(self._browser, phone=True, scheme=scheme, scale=scale)
        context.add_cookies([{"name": "byp", "value": token, "url": self._address.url}])
        return context


def sent(
    context: BrowserContext,
    method: str,
    url: str,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send a request with a browser's cookies; it must succeed."""
    answer = context.request.fetch(url, method=method, data=body, headers=headers)
    assert answer.ok, f"{url}: {answer.text()}"
    return answer.json()
