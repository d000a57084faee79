"""Letters through GOV.UK Notify: one template there, whose subject and body are ours.

Its template is `((subject))` and `((body))`. Notify writes the HTML itself and adds no file, so
the body is our text, in which nothing may look like its Markdown by accident.
"""

import re
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from marketplace.core.times import now
from marketplace.mail.letters import Letter
from marketplace.mail.sending import PATIENCE, Refused, Trouble, Unreachable

UUID_LENGTH = 36  # an API key is a name, our service's id and the secret, joined by hyphens
TAKEN, NOT_THIS_ONE = 201, 400
MARKED = re.compile(r"\]\(")  # a link with other words than its address


class Notify:
    name = "GOV.UK Notify"

    def __init__(self, url: str, key: str, template: str) -> None:
        self._url = f"{url.rstrip('/')}/v2/notifications/email"
        self._service = key[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1]
        self._secret = key[-UUID_LENGTH:]
        self._template = template

    def send(self, letter: Letter) -> str:
        asked = {
            "email_address": letter.to,
            "template_id": self._template,
            "personalisation": {"subject": letter.subject, "body": plain(letter.text)},
            "reference": str(letter.id),
        }
        if letter.unsubscribe.startswith("https://"):
            asked["one_click_unsubscribe_url"] = letter.unsubscribe
        try:
            answer = httpx.post(
                self._url,
                json=asked,
                headers={"Authorization": f"Bearer {self._token()}"},
                timeout=PATIENCE,
                trust_env=False,
            )
            said = answer.json()
        except (httpx.HTTPError, ValueError) as why:
            raise Unreachable(f"Notify: {type(why).__name__}") from why
        if answer.status_code == TAKEN and isinstance(said, dict) and said.get("id"):
            return str(said["id"])
        raise _refusal(answer.status_code, said)

    def _token(self) -> str:
        claims = {"iss": self._service, "iat": int(now().timestamp())}
        return jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, OctKey.import_key(self._secret))


def plain(text: str) -> str:
    """The text so that Notify draws it as it stands: somebody's title must not become a link."""
    return MARKED.sub("] (", text)


def _refusal(status: int, said: Any) -> Refused | Trouble:
    errors = said.get("errors") if isinstance(said, dict) else None
    told = [str(one.get("message", "")) for one in errors or () if isinstance(one, dict)]
    text = f"Notify: {status} {' '.join('; '.join(told).split())}"[:300]
    if status != NOT_THIS_ONE:  # our key or our allowance, so every letter's trouble, or Notify's
        return Unreachable(text)
    not_an_address = "email_address" in text  # as "email_address Not a valid email address"
    return Refused(text) if not_an_address else Trouble(text)
