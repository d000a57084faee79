"""accounts"""

from collections.abc import Sequence
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from marketplace.core import db
from marketplace.core.times import now

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("due_at", db.Moment(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("sent_at", db.Moment(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("purpose", "about_id", "email", "serial"),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_mail_queue", ["stage", "due_at"], unique=False)

    op.create_table(
        "identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text"),
    )
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identifier_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject"),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("value_limit", db.Amount(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("expires_at", db.Moment(timezone=True), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_invitation_sent",
            ["organisation_id", "email"],
            unique=True,
            sqlite_where=sa.text("stage = 'sent'"),
            postgresql_where=sa.text("stage = 'sent'"),
        )

    op.create_table(
        "joinrequest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("joinrequest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joinrequest_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_joinrequest_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_join_request_asked",
            ["organisation_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("stage = 'asked'"),
            postgresql_where=sa.text("stage = 'asked'"),
        )

    op.create_table(
        "maildomain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("domain", "organisation_id"),
    )
    with op.batch_alter_table("maildomain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_maildomain_domain"), ["domain"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_maildomain_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "maillink",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("then", sa.String(), nullable=False),
        sa.Column("expires_at", db.Moment(timezone=True), nullable=False),
        sa.Column("used_at", db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("maillink", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_maillink_browser_hash"), ["browser_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_maillink_email"), ["email"], unique=False)

    op.create_table(
        "preference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind"),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("register_said", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_registration_draft",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("stage = 'draft'"),
            postgresql_where=sa.text("stage = 'draft'"),
        )

    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("signed_at", db.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "version"),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signature_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "supplierfacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("constitution", sa.String(40), nullable=False),
        sa.Column("legal_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("company_status", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=True),
        sa.Column("checked_how", sa.String(40), nullable=False),
        sa.Column("checked_at", db.Moment(timezone=True), nullable=False),
        sa.Column("staff_under_250", sa.Boolean(), nullable=True),
        sa.Column("turnover_up_to_44m", sa.Boolean(), nullable=True),
        sa.Column("balance_sheet_up_to_38m", sa.Boolean(), nullable=True),
        sa.Column("share_code", sa.String(), nullable=False),
        sa.Column("share_code_on", sa.Date(), nullable=True),
        sa.Column("accessibility_role", sa.String(), nullable=False),
        sa.Column("accessibility_email", sa.String(), nullable=False),
        sa.Column("security_role", sa.String(), nullable=False),
        sa.Column("security_email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id"),
        sa.UniqueConstraint("vat_number"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("read_at", db.Moment(timezone=True), nullable=True),
        sa.Column("mail_due_at", db.Moment(timezone=True), nullable=True),
        sa.Column("mailed_at", db.Moment(timezone=True), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["mail.id"],
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "event_id"),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "ix_notification_inbox", ["person_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notification_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notification_membership_id"), ["membership_id"], unique=False
        )
        batch_op.create_index(
            "ix_notification_owed",
            ["mail_due_at"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_notification_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "signin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.Moment(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("looking_as", sa.Uuid(), nullable=True),
        sa.Column("looking_since", db.Moment(timezone=True), nullable=True),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("id_token", sa.String(), nullable=False),
        sa.Column("proved_at", db.Moment(timezone=True), nullable=False),
        sa.Column("seen_at", db.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["looking_as"],
            ["membership.id"],
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signin_membership_id"), ["membership_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signin_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value_limit", db.Amount(), nullable=True))
        batch_op.add_column(
            sa.Column("stage", sa.String(40), nullable=False, server_default="active")
        )

    _domains_get_a_table()
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(40), nullable=False, server_default="active")
        )
        batch_op.add_column(
            sa.Column("suspended_because", sa.String(), nullable=False, server_default="")
        )
        batch_op.drop_column("mail_domains")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(40), nullable=False, server_default="active")
        )
        batch_op.add_column(
            sa.Column("suspended_because", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("last_seen_at", db.Moment(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("calendar_serial", sa.Integer(), server_default="1", nullable=False)
        )


def _domains_get_a_table() -> None:
    connection = op.get_bind()
    organisation = sa.table(
        "organisation", sa.column("id", sa.Uuid()), sa.column("mail_domains", sa.JSON())
    )
    domain = sa.table(
        "maildomain",
        sa.column("id", sa.Uuid()),
        sa.column("created_at", db.Moment(timezone=True)),
        sa.column("domain", sa.String()),
        sa.column("organisation_id", sa.Uuid()),
    )
    for id, domains in connection.execute(sa.select(organisation)).all():
        for one in dict.fromkeys(domains):
            row = {"id": uuid4(), "created_at": now(), "domain": one, "organisation_id": id}
            connection.execute(sa.insert(domain).values(row))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("calendar_serial")
        batch_op.drop_column("last_seen_at")
        batch_op.drop_column("suspended_because")
        batch_op.drop_column("stage")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("mail_domains", sa.JSON(), nullable=False, server_default="[]")
        )
        batch_op.drop_column("suspended_because")
        batch_op.drop_column("stage")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("stage")
        batch_op.drop_column("value_limit")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_person_id"))

    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signin_person_id"))
        batch_op.drop_index(batch_op.f("ix_signin_membership_id"))

    op.drop_table("signin")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notification_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_notification_owed",
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_notification_membership_id"))
        batch_op.drop_index(batch_op.f("ix_notification_mail_id"))
        batch_op.drop_index("ix_notification_inbox")
        batch_op.drop_index(batch_op.f("ix_notification_event_id"))

    op.drop_table("notification")
    op.drop_table("supplierfacts")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_organisation_id"))

    op.drop_table("signature")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_registration_draft",
            sqlite_where=sa.text("stage = 'draft'"),
            postgresql_where=sa.text("stage = 'draft'"),
        )
        batch_op.drop_index(batch_op.f("ix_registration_person_id"))

    op.drop_table("registration")
    op.drop_table("preference")
    with op.batch_alter_table("maillink", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_maillink_email"))
        batch_op.drop_index(batch_op.f("ix_maillink_browser_hash"))

    op.drop_table("maillink")
    with op.batch_alter_table("maildomain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_maildomain_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_maildomain_domain"))

    op.drop_table("maildomain")
    with op.batch_alter_table("joinrequest", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_join_request_asked",
            sqlite_where=sa.text("stage = 'asked'"),
            postgresql_where=sa.text("stage = 'asked'"),
        )
        batch_op.drop_index(batch_op.f("ix_joinrequest_person_id"))
        batch_op.drop_index(batch_op.f("ix_joinrequest_organisation_id"))

    op.drop_table("joinrequest")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_sent",
            sqlite_where=sa.text("stage = 'sent'"),
            postgresql_where=sa.text("stage = 'sent'"),
        )
        batch_op.drop_index(batch_op.f("ix_invitation_organisation_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_person_id"))

    op.drop_table("identity")
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identifier_organisation_id"))

    op.drop_table("identifier")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_queue")
        batch_op.drop_index(batch_op.f("ix_mail_message_id"))
        batch_op.drop_index(batch_op.f("ix_mail_email"))

    op.drop_table("mail")
