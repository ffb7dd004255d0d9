"""The first owner comes in through a link that opens once."""

from __future__ import annotations

import pytest

from rapport.accounts.actions import NewCompany, NewPerson, owner_link, use_owner_link
from rapport.accounts.models import Member, OwnerLink, User, Workspace
from rapport.accounts.refusals import LinkClosed, Refused
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db

WANJIRU = NewPerson(email="wanjiru@example.com", name="Wanjiru Kariuki", password="kanga-market-sunrise")
DUKA = NewCompany(name="Duka", time_zone="Africa/Nairobi", country="KE", currency="KES", language="en")


def secret_of(link: str | None) -> str:
    assert link is not None
    return link.removeprefix("/welcome/").removesuffix("/")


def nothing_began() -> bool:
    return not (User.objects.exists() or Workspace.objects.exists())


def test_it_makes_the_owner_and_the_company() -> None:
    owner = use_owner_link(secret_of(owner_link()), person=WANJIRU, company=DUKA)
    assert owner.role.key == "owner"
    assert owner.workspace.slug == "duka"
    assert owner.user.check_password(WANJIRU.password)
    assert owner_link() is None, "somebody owns a workspace now"


def test_it_opens_once() -> None:
    secret = secret_of(owner_link())
    use_owner_link(secret, person=WANJIRU, company=DUKA)
    other = NewPerson(email="eve@example.com", name="Eve", password="kanga-market-sunrise")
    with pytest.raises(LinkClosed) as closed:
        use_owner_link(secret, person=other, company=DUKA)
    assert closed.value.code == "used"
    assert User.objects.count() == 1 and Workspace.objects.count() == 1


def test_a_new_link_replaces_the_old_one() -> None:
    old, new = secret_of(owner_link()), secret_of(owner_link())
    with pytest.raises(LinkClosed) as closed:
        use_owner_link(old, person=WANJIRU, company=DUKA)
    assert closed.value.code == "unknown" and nothing_began()
    use_owner_link(new, person=WANJIRU, company=DUKA)


@pytest.mark.parametrize("secret", ["", "x" * 5_000, "welcome_\ud800", "../../etc/passwd"])
def test_a_guess_opens_nothing(secret: str) -> None:
    owner_link()
    with pytest.raises(LinkClosed):
        use_owner_link(secret, person=WANJIRU, company=DUKA)
    assert nothing_began()


def test_a_weak_password_leaves_the_link_good() -> None:
    secret = secret_of(owner_link())
    weak = NewPerson(email=WANJIRU.email, name=WANJIRU.name, password="1234")
    with pytest.raises(Refused) as refused:
        use_owner_link(secret, person=weak, company=DUKA)
    assert refused.value.field == "password" and nothing_began()
    use_owner_link(secret, person=WANJIRU, company=DUKA)


def test_a_company_that_makes_no_sense_leaves_the_link_good() -> None:
    secret = secret_of(owner_link())
    for bad in (
        NewCompany(name=" ", time_zone="Africa/Nairobi", country="KE", currency="KES", language="en"),
        NewCompany(name="Duka", time_zone="Mars/Base", country="KE", currency="KES", language="en"),
        NewCompany(name="Duka", time_zone="Africa/Nairobi", country="Kenya", currency="KES", language="en"),
        NewCompany(name="Duka", time_zone="Africa/Nairobi", country="KE", currency="XXX", language="en"),
        NewCompany(name="Duka", time_zone="Africa/Nairobi", country="KE", currency="KES", language="tlh"),
    ):
        with pytest.raises(Refused):
            use_owner_link(secret, person=WANJIRU, company=bad)
        assert nothing_began()
    use_owner_link(secret, person=WANJIRU, company=DUKA)


def test_for_a_demo_company_it_opens_that_one(duka: Workspace) -> None:
    Workspace.objects.filter(pk=duka.pk).update(is_demo=True)
    User.objects.update(password="!nobody-signs-in-with-this")
    visitor = NewPerson(email="me@example.com", name="Me", password="kanga-market-sunrise")
    owner = use_owner_link(secret_of(owner_link()), person=visitor)
    assert owner.workspace_id == duka.pk and owner.role.key == "owner"
    assert Event.objects.within(duka).filter(kind="member.joined", actor_id=owner.pk).count() == 1
    assert owner_link() is None


def test_a_link_is_late_once_somebody_owns_a_workspace(wanjiru: object) -> None:
    from rapport.kernel import tokens

    issued = tokens.issue("welcome")
    OwnerLink.objects.create(digest=issued.digest)
    before = Member.objects.across_workspaces().count()
    with pytest.raises(LinkClosed) as closed:
        use_owner_link(
            issued.plain,
            person=NewPerson(email="eve@example.com", name="Eve", password="kanga-market-sunrise"),
            company=DUKA,
        )
    assert closed.value.code == "late"
    assert Member.objects.across_workspaces().count() == before


def test_only_its_digest_is_kept() -> None:
    secret = secret_of(owner_link())
    kept = OwnerLink.objects.get()
    assert secret not in str(vars(kept))
