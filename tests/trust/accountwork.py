"""What accounts leave behind, and what those who run the portal look after."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.accounts.models import AccountKind, EmailChange, Passkey, SessionRow, SignInCode, StaffGrant
from portal.accounts.operations import propose_role
from portal.accounts.queries import hash_token
from portal.admin.operations import keep_upload
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.notifications.models import Notice
from portal.notifications.queries import unsubscribe_token
from tests.support.factories import make_staff
from tests.support.factories_places import square

if TYPE_CHECKING:
    from tests.trust.things import Builder


def fill_accounts(build: Builder) -> None:
    """Sessions, changed addresses, roles and notices."""
    _sign_in_things(build)
    _roles(build)
    _notices(build)


def _sign_in_things(build: Builder) -> None:
    """A second session of the author, an address that was changed, a code on its way."""
    now, author = clock.now(), build.people.id("AU")
    token, old = secrets.token_urlsafe(24), build.canaries.plant("former e-mail address", {"AU"})
    with transaction():
        row = SessionRow(
            token_hash=hash_token("elsewhere"),
            account_id=author,
            created_at=now,
            expires_at=now + timedelta(days=9),
            proved_at=now,
        )
        session.add(row)
        session.add(
            EmailChange(
                account_id=author,
                old_email=f"{old}@example.org",
                token_hash=hash_token(token),
                changed_at=now,
                undo_until=now + timedelta(days=7),
            )
        )
        typed = f"{build.canaries.plant('address typed at sign-in')}@example.org"
        session.add(
            SignInCode(
                browser_hash="x", purpose="sign_in", typed=typed, address=typed, language="de",
                created_at=now,
            )
        )  # fmt: skip
        session.flush()
        build.put("session", "of AU", public_id=row.public_id)
    build.put("email undo", "live", token=token)
    build.put("code link", "any", request_id="abcdefghjkmn", code="12345678")
    kind = "proposals.published"
    build.put(
        "unsubscribe",
        "of AU",
        token=unsubscribe_token(build.people.accounts["AU"].public_id, kind),
    )


def _roles(build: Builder) -> None:
    """A role proposed by the other administrator, one that counts, somebody whose app is lost."""
    new = make_staff(None, email=f"{build.canaries.plant('address of a new colleague', {'AD'})}@example.org")
    with transaction():
        waiting = propose_role(build.actor("AD2"), new, StaffRole.MODERATOR, district_id=build.people.north)
        build.put("grant", "waiting", grant_id=waiting.public_id)
        counts = session.query(StaffGrant).filter_by(account_id=build.people.id("MX")).one()
        build.put("grant", "counts", grant_id=counts.public_id)
    build.put("staff account", "with app", public_id=build.people.accounts["MX"].public_id)
    assert build.people.accounts["MX"].kind == AccountKind.STAFF


def _notices(build: Builder) -> None:
    """What the author was told while all this was made."""
    notice = session.query(Notice).filter_by(account_id=build.people.id("AU"), read_at=None).first()
    assert notice is not None
    build.put("notice", "of AU", public_id=notice.public_id)
    session.rollback()


def fill_operation(build: Builder) -> None:
    """What administrators look after: a job that gave up, a file of districts, groups of settings."""
    with transaction():
        job = Job(
            kind="search.tidy",
            payload={},
            created_at=clock.now(),
            run_at=clock.now(),
            dead_at=clock.now(),
        )
        session.add(job)
        session.flush()
        build.put("job", "dead", job_id=job.id)
    build.put("district file", "waiting", token=keep_upload(build.actor("AD"), districts_file()))
    build.put("setting group", "look", slug="look")
    build.put("page text", "help", page="help", slug="de")
    build.put("icon", "small", size=192)
    build.put("sitemap", "first", number=1)
    with transaction():
        session.add_all(
            Passkey(
                public_id=f"passkey{number}",
                account_id=build.people.id("MO"),
                credential_id=f"credential {number}",
                public_key=b"x",
                label=build.canaries.plant("name of a passkey", {"MO"}),
                created_at=clock.now(),
            )
            for number in (1, 2)
        )
    build.put("passkey", "of MO", public_id="passkey1")


def districts_file() -> bytes:
    """Two squares as GeoJSON."""
    areas = [
        {"type": "Feature", "properties": {"name": name}, "geometry": square(8.0 + number, 50.0)}
        for number, name in enumerate(("Nord", "Süd"))
    ]
    return json.dumps({"type": "FeatureCollection", "features": areas}).encode()
