"""The company of the benchmark, made by the product's own actions, and a signed-in session of an agent."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.inbox.corpus import Corpus, Place


@dataclass(frozen=True, slots=True)
class Shop:
    place: Place
    slug: str
    cookie: str
    session: str


def open_shop() -> Shop:
    """Wanjiru's shop with twelve agents in three teams, a chat site and its survey; Otieno is signed in."""
    from django.conf import settings
    from django.test import Client

    from rapport.accounts.actions import create_workspace
    from rapport.accounts.models import Brand, Member, Role, Team, TeamMembership, User
    from rapport.accounts.queries import actor_for
    from rapport.channels.chat.actions import create_site
    from rapport.feedback.actions import set_up_after_service_survey
    from rapport.feedback.models import Question

    owner = User.objects.create(email="wanjiru@example.com", name="Wanjiru Kariuki", password="!")
    workspace, wanjiru = create_workspace(
        owner, name="Duka", time_zone="Africa/Nairobi", country="KE", currency="KES", language="en"
    )
    brand = Brand.objects.within(workspace).get()
    site = create_site(actor_for(wanjiru), brand_id=brand.pk, name="Shop")
    survey = set_up_after_service_survey(workspace.pk)
    question = Question.objects.within(workspace).get(survey=survey, kind=Question.Kind.SCORE)
    role = Role.objects.within(workspace).get(key="agent")
    teams = [Team.objects.create(workspace=workspace, name=name) for name in ("Delivery", "Payment", "Care")]
    members = []
    for index in range(12):
        name = "Otieno Odhiambo" if index == 0 else f"Agent {index}"
        user = User.objects.create(email=f"agent{index}@example.com", name=name, password="!")
        member = Member.objects.create(workspace=workspace, user=user, role=role, name=name)
        TeamMembership.objects.create(workspace=workspace, team=teams[index % 3], member=member)
        members.append(member)
    browser = Client()
    browser.force_login(members[0].user)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    place = Place(
        workspace=workspace.pk,
        brand=brand.pk,
        account=site.account_id,
        survey=survey.pk,
        score_question=question.pk,
        members=tuple((member.pk, member.name) for member in members),
        teams=tuple(team.pk for team in teams),
    )
    return Shop(place, workspace.slug, f"{settings.SESSION_COOKIE_NAME}={session}", session)


def fill(address: str, shop: Shop, *, conversations: int) -> tuple[Corpus, dict[str, int]]:
    """Write the corpus, months of the log included."""
    from datetime import UTC, datetime

    from django.db import transaction

    from benchmarks.inbox.corpus import write
    from rapport.timeline.partitions import ensure_for

    corpus = Corpus(shop.place, conversations=conversations)
    with transaction.atomic():
        ensure_for(corpus.first_moment(), datetime.now(UTC))
    return corpus, write(address, corpus)
