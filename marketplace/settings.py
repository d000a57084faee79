"""Every setting, typed, with what it is for. Each is read from the environment under its own name
in capitals.
"""

import re
import secrets
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from auth import throttle
from auth.oidc import Provider

PROJECT = Path(__file__).parents[1]
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1")
DEMO_SECRET = "the demo's secret, known to everybody"  # noqa: S105 - refused outside the demo


class Misconfigured(Exception):  # noqa: N818 - a sentence for whoever starts the application
    """The settings cannot work; the text says which and why."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    demo: bool = Field(default=True, description="Invented suppliers, and personas to sign in as.")
    data_dir: Path = Field(
        default=Path("var"), description="Where the database, files and index live."
    )
    database_url: str = Field(
        default="", description="PostgreSQL or SQLite; empty: SQLite in data_dir."
    )
    files_url: str = Field(
        default="", description="Where files are kept: s3://, az://, gs:// or a folder."
    )
    secret_key: str = Field(default=DEMO_SECRET, description="Signs the session cookie.")
    seal_key: str = Field(
        default="",
        description="Seals bids until they are opened; kept apart from the database. Empty, in the "
        "demo alone: a key of its own, in data_dir.",
    )
    seal_key_old: str = Field(
        default="",
        description="What SEAL_KEY was before, while what it sealed is put under the new one: "
        "python -m marketplace rotate-seal-key.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on.")
    public_url: str = Field(
        default="", description="The address people use; https makes cookies Secure."
    )
    oidc_providers: list[Provider] = Field(
        default=[], description="Who vouches for people: a JSON list; see auth/oidc.py."
    )
    session_idle_hours: int = Field(default=12, gt=0, description="A session unused ends.")
    session_days: int = Field(default=7, gt=0, description="Any session ends after so long.")
    fresh_minutes: int = Field(
        default=30, gt=0, description="How long signing in counts for what is grave."
    )
    link_minutes: int = Field(default=15, gt=0, description="How long a link by e-mail works.")
    outcome_days: int = Field(
        default=60, gt=0, description="An outcome is late so long after the deadline of a tender."
    )
    reminder_days: int = Field(
        default=14, gt=0, description="What is late is reminded of once in so long."
    )
    invitation_days: int = Field(default=7, gt=0, description="How long an invitation works.")
    inactive_months: int = Field(
        default=24, gt=0, description="A person not seen for so long is erased."
    )
    limits_url: str = Field(
        default="memory://",
        description="Where throttling counts: memory://, each process for itself, or redis://host "
        "where the package redis is installed.",
    )
    smtp_url: str = Field(
        default="", description="smtp://name:password@host:587?starttls=1; empty: no mail by SMTP."
    )
    mail_from: str = Field(
        default="LOTI Marketplace <marketplace@loti.example>", description="Who mail is from."
    )
    notify_key: str = Field(default="", description="GOV.UK Notify's API key, instead of SMTP.")
    notify_template: str = Field(
        default="", description="The Notify template with subject and body as its fields."
    )
    notify_url: str = Field(
        default="https://api.notifications.service.gov.uk", description="GOV.UK Notify."
    )
    notify_callback_token: str = Field(
        default="", description="What Notify shows when it reports a bounce to /mail/notify."
    )
    companies_house_key: str = Field(
        default="", description="Companies House API key; empty: looked up by hand."
    )
    companies_house_url: str = Field(
        default="https://api.company-information.service.gov.uk",
        description="Companies House's public data API.",
    )
    meili_url: str = Field(
        default="", description="A Meilisearch server for search; empty: the embedded engine alone."
    )
    meili_api_key: str = Field(
        default="", description="A key for it: `python -m marketplace search-keys` makes them."
    )
    review: bool = Field(
        default=True, description="LOTI reviews a challenge before it is published."
    )
    clamd_url: str = Field(
        default="",
        description="ClamAV's daemon: tcp://host:3310 or unix:///path; empty: no scanning.",
    )
    file_limit: int = Field(
        default=20_000_000, gt=0, description="The largest attachment, in bytes."
    )
    import_limit: int = Field(
        default=500_000_000, gt=0, description="The largest import, in bytes."
    )
    law_proposals_in_force: bool = Field(
        default=False,
        description="The proposals of June 2025 (public interest test, jobs and skills) are law.",
    )
    law_payment_notice_live: bool = Field(
        default=False, description="Payment notices (UK8) can be published on the platform."
    )
    ocds_prefix: str = Field(
        default="ocds-000000",
        pattern=r"ocds-[0-9a-z]{6}",
        description="Begins the identifiers of our tenders in open data: the Open Contracting "
        "Partnership registers one for us; the default is nobody's.",
    )
    log_json: bool = Field(default=False, description="Logs as JSON, one object a line.")
    assets_dir: Path = Field(
        default=PROJECT / "node_modules", description="The front-end packages."
    )

    @model_validator(mode="after")
    def _no_demo_secret_outside_the_demo(self) -> "Settings":
        if not self.demo and (self.secret_key == DEMO_SECRET or len(self.secret_key) < 32):
            raise ValueError(
                "Set SECRET_KEY to at least 32 characters of your own before you run outside the "
                f"demo, for example {secrets.token_urlsafe(32)}"
            )
        return self

    @model_validator(mode="after")
    def _bids_can_be_sealed(self) -> "Settings":
        wanted = self.seal_key or not self.demo
        if wanted and (len(self.seal_key) < 32 or self.seal_key == self.secret_key):
            raise ValueError(
                "Set SEAL_KEY to at least 32 characters that are not SECRET_KEY, and keep a copy "
                "away from the database: bids are sealed with it, and without it nobody can open "
                f"them. For example {secrets.token_urlsafe(32)}"
            )
        if self.seal_key_old and self.seal_key_old == self.seal_key:
            raise ValueError("SEAL_KEY_OLD is what SEAL_KEY was before. Set SEAL_KEY to a new one.")
        return self

    @model_validator(mode="after")
    def _somebody_vouches_outside_the_demo(self) -> "Settings":
        if not self.demo and not self.oidc_providers:
            raise ValueError(
                "Set OIDC_PROVIDERS to at least one provider before you run outside the demo; "
                "README.md shows how."
            )
        return self

    @model_validator(mode="after")
    def _cookies_are_secure_outside_the_demo(self) -> "Settings":
        host = urlsplit(self.address).hostname or ""
        if not self.demo and not self.secure and not _LOOPBACK.fullmatch(host):
            raise ValueError(
                "Set PUBLIC_URL to the https address that people use before you run outside the "
                "demo: only on this machine itself do cookies go without."
            )
        return self

    @field_validator("limits_url")
    @classmethod
    def _can_count(cls, url: str) -> str:
        return throttle.check(url)

    @field_validator("smtp_url")
    @classmethod
    def _can_be_reached(cls, url: str) -> str:
        asked = "Set it to an address such as smtp://host:587?starttls=1 or smtps://host."
        try:
            server = urlsplit(url)
            known = server.scheme in ("smtp", "smtps") and server.hostname and server.port != 0
        except ValueError:  # a port that is no number
            raise ValueError(asked) from None
        if url and not known:
            raise ValueError(asked)
        in_clear = server.scheme == "smtp" and "starttls=1" not in server.query
        if server.password and in_clear and not _LOOPBACK.fullmatch(server.hostname or ""):
            raise ValueError(f"It would send its password in clear. {asked}")
        return url

    @field_validator("meili_url")
    @classmethod
    def _can_be_searched(cls, url: str) -> str:
        asked = "Set it to the address of a Meilisearch server, such as http://127.0.0.1:7700."
        try:
            server = urlsplit(url)
            known = server.scheme in ("http", "https") and server.hostname and server.port != 0
        except ValueError:  # a port that is no number
            raise ValueError(asked) from None
        if url and not known:
            raise ValueError(asked)
        return url.rstrip("/")

    @field_validator("clamd_url")
    @classmethod
    def _can_scan(cls, url: str) -> str:
        asked = "Set it to an address such as tcp://host:3310 or unix:///run/clamav/clamd.ctl."
        try:
            place = urlsplit(url)
            known = place.hostname and place.port != 0 if place.scheme == "tcp" else place.path
        except ValueError:  # a port that is no number
            raise ValueError(asked) from None
        if url and not (known and place.scheme in ("tcp", "unix")):
            raise ValueError(asked)
        return url

    @model_validator(mode="after")
    def _mail_can_leave(self) -> "Settings":
        if "@" not in parseaddr(self.mail_from)[1]:
            raise ValueError("Set MAIL_FROM to an address, with a name before it if you like.")
        if self.notify_key and not self.notify_template:
            raise ValueError("Set NOTIFY_TEMPLATE to the template that NOTIFY_KEY is used for.")
        return self

    @cached_property
    def address(self) -> str:
        """Where people find the marketplace, for links in mail."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def contact(self) -> str:
        """Where LOTI can be written to: what its mail comes from."""
        return parseaddr(self.mail_from)[1]

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'marketplace.db').resolve()}"

    @cached_property
    def files(self) -> str:
        return self.files_url or str((self.data_dir / "files").resolve())

    @cached_property
    def index(self) -> Path:
        return self.data_dir / "search.db"

    @cached_property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


def read() -> Settings:
    """The settings of this process, or one sentence about what is wrong with them."""
    try:
        return Settings()
    except SettingsError as wrong:
        name = str(wrong).partition('"')[2].partition('"')[0].upper()
        raise Misconfigured(f"{name}: This is not JSON.") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise Misconfigured(f"{name}: {reason}" if name else reason) from None
