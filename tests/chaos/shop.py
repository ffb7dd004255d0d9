"""Opens Wanjiru's shop in a data folder of its own and prints what the people of a test need, as JSON.

A program, because the process of the tests is set up on another database: ``python -m tests.chaos.shop``.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rapport.config.embedded import EmbeddedDatabase
from rapport.config.options import options
from rapport.config.running import prepare_django

KENYA = {"time_zone": "Africa/Nairobi", "country": "KE", "currency": "KES", "language": "en"}


def main() -> None:
    with EmbeddedDatabase(options().data_dir) as database:
        address = database.start()
        prepare_django()
        from rapport.config.schema import bring_up_to_date

        bring_up_to_date(address)
        made = {"duka": _company("Wanjiru", "Duka"), "kiosk": _company("Baraka", "Kiosk")}
        sys.stdout.write(json.dumps(made) + "\n")


def _company(owner: str, name: str) -> dict[str, Any]:
    from rapport.accounts.actions import create_workspace
    from rapport.accounts.models import Brand, Member, Role, User
    from rapport.accounts.queries import actor_for
    from rapport.channels.chat.actions import create_site

    user = User.objects.create(email=f"{owner.lower()}@example.com", name=owner, password="!")
    workspace, member = create_workspace(user, name=name, **KENYA)
    site = create_site(actor_for(member), brand_id=Brand.objects.within(workspace).get().pk, name="Shop")
    people = {owner.lower(): member}
    for first_name, role in (("Otieno", "agent"), ("Amina", "lead")) if name == "Duka" else ():
        colleague = User.objects.create(
            email=f"{first_name.lower()}@example.com", name=first_name, password="!"
        )
        people[first_name.lower()] = Member.objects.create(
            workspace=workspace,
            user=colleague,
            role=Role.objects.within(workspace).get(key=role),
            name=first_name,
        )
    return {
        "id": str(workspace.pk),
        "slug": workspace.slug,
        "site": site.key,
        "secret": site.secret,
        "sessions": {key: _session(member) for key, member in people.items()},
        "members": {key: str(member.pk) for key, member in people.items()},
    }


def _session(member: Any) -> str:
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(member.user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
