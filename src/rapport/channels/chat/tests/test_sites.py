"""Setting a chat site up."""

from __future__ import annotations

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from rapport.channels.chat.actions import change_site, create_site, end_rotation, identify, rotate_secret
from rapport.channels.chat.claims import JwtRefused
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.queries import NoSuchSite, site_by_key, sites
from rapport.channels.chat.rules import BadSite
from rapport.channels.chat.tests.sites import signed
from rapport.desk.channels import DeliveryFailed, Outgoing, channel
from rapport.desk.models import ChannelAccount
from rapport.kernel.actors import Denied
from rapport.kernel.clock import now
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db


def _brand(workspace):
    from rapport.accounts.models import Brand

    return Brand.objects.within(workspace).first().pk


def test_an_owner_opens_a_chat_on_her_pages(wanjiru, duka) -> None:
    made = create_site(wanjiru.actor, brand_id=_brand(duka), name="Shop", origins=["https://Duka.example/"])
    found = site_by_key(made.key)
    assert (found.pk, found.origins, found.position) == (made.pk, ["https://duka.example"], "end")
    assert found.secret == made.secret and len(found.secret) >= 43
    assert [site.pk for site in sites(wanjiru.actor)] == [made.pk]


def test_the_secret_is_not_readable_in_the_database(site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM chat_chatsite")
        assert site.secret not in cursor.fetchone()[0]


@pytest.mark.parametrize("who", ["amina", "otieno", "viewer"])
def test_others_may_not(request, who, duka, site) -> None:
    actor = request.getfixturevalue(who).actor
    before = ChatSite.objects.within(duka).get()
    for attempt in (
        lambda: create_site(actor, brand_id=_brand(duka), name="X"),
        lambda: change_site(actor, site.pk, name="X"),
        lambda: rotate_secret(actor, site.pk),
        lambda: end_rotation(actor, site.pk),
        lambda: sites(actor),
    ):
        with pytest.raises(Denied):
            attempt()
    after = ChatSite.objects.within(duka).get()
    assert (after.secret, after.account.name) == (before.secret, before.account.name)


def test_a_stranger_finds_nothing_to_change(baraka, site, duka) -> None:
    with pytest.raises(ObjectDoesNotExist):
        change_site(baraka.actor, site.pk, name="Mine now")
    with pytest.raises(ObjectDoesNotExist):
        rotate_secret(baraka.actor, site.pk)
    with pytest.raises(ObjectDoesNotExist):
        create_site(baraka.actor, brand_id=_brand(duka), name="X")
    assert ChannelAccount.objects.across_workspaces().count() == 1
    assert site_by_key(site.key).secret == site.secret


def test_one_bad_setting_and_nothing_is_changed(wanjiru, site) -> None:
    for bad in (
        {"origins": ["https://duka.example", "nonsense"]},
        {"language": "de"},
        {"position": "middle"},
        {"greeting": {"en": "x" * 600}},
    ):
        with pytest.raises(BadSite):
            change_site(wanjiru.actor, site.pk, name="New name", require_identity=True, **bad)
    found = site_by_key(site.key)
    assert (found.account.name, found.require_identity) == ("Shop page", False)


def test_changes_are_audited_once_and_the_same_again_is_no_change(wanjiru, site, duka) -> None:
    for _ in range(2):
        change_site(wanjiru.actor, site.pk, greeting={"sw": "Karibu"}, require_identity=True)
    rotate_secret(wanjiru.actor, site.pk)
    kinds = list(Event.objects.within(duka).filter(kind__startswith="chat_site").values_list("kind", "data"))
    assert [kind for kind, _ in kinds] == ["chat_site.changed", "chat_site.secret_rotated"]
    assert kinds[0][1]["changed"] == ["greeting", "require_identity"]
    assert all(site.secret not in str(data) for _, data in kinds)


def test_during_a_rotation_both_secrets_are_believed(wanjiru, site) -> None:
    old = signed(site)
    rotated = rotate_secret(wanjiru.actor, site.pk)
    assert rotated.secret != site.secret
    assert identify(rotated, signed=old).visitor.level == 3
    assert identify(rotated, signed=signed(rotated)).visitor.level == 3
    ended = end_rotation(wanjiru.actor, site.pk)
    with pytest.raises(JwtRefused):
        identify(ended, signed=old)
    assert identify(ended, signed=signed(ended)).visitor.level == 3


def test_a_retired_or_unknown_site_is_not_there(site) -> None:
    for key in ["", "x" * 9_000, "site_" + "a" * 20, site.key.upper()]:
        with pytest.raises(NoSuchSite):
            site_by_key(key)
    ChannelAccount.objects.across_workspaces().filter(pk=site.account_id).update(retired_at=now())
    with pytest.raises(NoSuchSite):
        site_by_key(site.key)


def test_chat_is_fetched_and_never_sent(site, visitor) -> None:
    chat = channel("chat")
    assert chat.collected_by_customer
    message = Outgoing(site.workspace_id, visitor.identity_id, visitor.identity_id, site.pk, None, "", "Hi")
    with pytest.raises(DeliveryFailed) as failed:
        chat.deliver(message)
    assert failed.value.permanent
