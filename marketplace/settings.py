"""Every setting, typed, with what it is for. Each is read from the environment under its own name
in capitals.
"""

import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[1]
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
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on.")
    public_url: str = Field(
        default="", description="The address people use; https makes cookies Secure."
    )
    review: bool = Field(
        default=True, description="LOTI reviews a challenge before it is published."
    )
    file_limit: int = Field(
        default=20_000_000, gt=0, description="The largest attachment, in bytes."
    )
    import_limit: int = Field(
        default=500_000_000, gt=0, description="The largest import, in bytes."
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
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise Misconfigured(f"{name}: {reason}" if name else reason) from None
