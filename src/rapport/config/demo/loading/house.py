"""The company itself: its workspace, brands, roles, members, teams, hours, chats and surveys."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from rapport.accounts import events as account_events
from rapport.accounts.models import User, Workspace
from rapport.accounts.permissions import BUILT_IN_ROLES, ROLE_NAMES
from rapport.channels.chat.models import ChatSite
from rapport.config.demo.company import Company, Survey
from rapport.config.demo.contacts import REPLY_LIMIT
from rapport.config.demo.loading.chronicle import SYSTEM, Chronicle, by_member
from rapport.config.demo.loading.ids import DEMO_ID, Ids
from rapport.config.demo.loading.removal import Colleague
from rapport.config.demo.loading.tables import Rows, as_json
from rapport.config.demo.people import CHANNELS
from rapport.config.demo.surveys import AFTER_CONVERSATION
from rapport.desk import events as desk_events
from rapport.feedback import events as feedback_events
from rapport.feedback.templates_in_the_box import AFTER_SERVICE, QuestionTemplate, SurveyTemplate
from rapport.kernel.calendar_spec import DAY_NAMES

NAME = "Duka la Wanjiru"
SLUG = "duka"
TIME_ZONE, CURRENCY, LANGUAGE, COUNTRY = "Africa/Nairobi", "KES", "en", "KE"
#: The accents of the brands, in their order.
ACCENTS = ("#b45309", "#15803d")
HOURS = {
    "zone": TIME_ZONE,
    "weekly": {day: [["07:00", "22:00"]] for day in DAY_NAMES},
    "holidays": [],
}
GREETINGS = {
    "en": "Hello! Ask us about an order, a delivery or anything on the shelf.",
    "sw": "Karibu! Tuulize kuhusu oda, usafirishaji au bidhaa yoyote.",
    "es": "¡Hola! Pregúntenos por un pedido, una entrega o un producto.",
    "pt": "Olá! Pergunte-nos sobre uma encomenda, uma entrega ou um produto.",
}
SECRET_BYTES = 32
#: The company was set up shortly before its first customer came.
SET_UP_BEFORE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class House:
    """Ids of what was set up, by position in the simulated company."""

    opened_at: datetime
    brands: list[uuid.UUID]
    brand_keys: list[str]
    members: list[uuid.UUID]
    member_names: list[str]
    teams: list[uuid.UUID]
    team_names: list[str]
    chats: list[uuid.UUID]
    surveys: list[uuid.UUID]
    survey_keys: list[str]
    score_questions: list[uuid.UUID]
    comment_questions: list[uuid.UUID]


def free_slug() -> str:
    """The address of the demo company: ``duka``, unless another company has taken that."""
    taken = set(Workspace.objects.exclude(pk=DEMO_ID).values_list("slug", flat=True))
    candidates = (SLUG, "duka-demo", *(f"duka-demo-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def set_up(
    company: Company,
    rows: Rows,
    chronicle: Chronicle,
    ids: Ids,
    *,
    slug: str,
    colleagues: Sequence[Colleague],
) -> House:
    """Add everything that must be there before the first customer.

    The workspace is marked as a demo when the build is finished, not before. ``colleagues`` are real people
    who worked in the demo company that this one replaces.
    """
    at = company.begins_at - SET_UP_BEFORE
    about = {
        "name": NAME,
        "time_zone": TIME_ZONE,
        "currency": CURRENCY,
        "language": LANGUAGE,
        "country": COUNTRY,
    }
    rows.add("accounts_workspace", DEMO_ID, NAME, slug, TIME_ZONE, CURRENCY, LANGUAGE, COUNTRY, False, at)
    roles = {key: ids.at(at) for key in BUILT_IN_ROLES}
    for key, role in roles.items():
        permissions = as_json(sorted(BUILT_IN_ROLES[key]))
        rows.add("accounts_role", role, DEMO_ID, key, ROLE_NAMES[key], permissions)
    members = _members(company, rows, ids, at=at, roles=roles)
    for colleague in colleagues:
        role = roles.get(colleague.role_key, roles["viewer"])
        rows.add("accounts_member", colleague.id, DEMO_ID, colleague.user_id, role, *colleague.about)
    owner = by_member(members[0])
    whole = ("workspace", DEMO_ID)
    chronicle.tell(account_events.WORKSPACE_CREATED, at, doer=owner, subject=whole, data=about)
    for position, member in enumerate(members[1:], start=1):
        person = company.members[position]
        joined = {"name": person.name, "role": ROLE_NAMES[person.role]}
        chronicle.tell(account_events.MEMBER_JOINED, at, subject=("member", member), data=joined)
    brands = _brands(company, rows, chronicle, ids, at=at, owner=members[0])
    teams = _teams(company, rows, chronicle, ids, at=at, members=members)
    _promise_replies(rows, chronicle, ids, at=at, owner=members[0])
    surveys, scores, comments = _surveys(company, rows, chronicle, ids, at=at)
    return House(
        opened_at=at,
        brands=brands,
        brand_keys=[brand.key for brand in company.brands],
        members=members,
        member_names=[member.name for member in company.members],
        teams=teams,
        team_names=[team.name for team in company.teams],
        chats=[ids.at(at) for _ in brands],
        surveys=surveys,
        survey_keys=[template(survey, position).key for position, survey in enumerate(company.surveys)],
        score_questions=scores,
        comment_questions=comments,
    )


def open_chats(
    company: Company, rows: Rows, chronicle: Chronicle, house: House, *, keys: Sequence[str]
) -> None:
    """Add a chat for each brand; ``keys`` are the public keys of their sites."""
    for position, brand in enumerate(company.brands):
        account = house.chats[position]
        name = f"{brand.name}: chat"
        rows.add(
            "desk_channelaccount",
            *(account, DEMO_ID, house.brands[position], "chat", name, keys[position], "{}"),
            *(house.opened_at, None),
        )
        chronicle.tell(
            desk_events.CHANNEL_ACCOUNT_CREATED,
            house.opened_at,
            doer=by_member(house.members[0]),
            subject=("channel_account", account),
            channel="chat",
            data={"name": name},
        )


def give_chats_their_sites(company: Company, house: House, ids: Ids) -> None:
    """Make the sites of the chats. Their secrets are sealed by the field, so they do not come by COPY."""
    for position, brand in enumerate(company.brands):
        ChatSite.objects.create(
            id=ids.at(house.opened_at),
            workspace_id=DEMO_ID,
            account_id=house.chats[position],
            secret=secrets.token_urlsafe(SECRET_BYTES),
            secret_changed_at=house.opened_at,
            origins=[f"https://{brand.domain}"],
            greeting=GREETINGS,
            language=LANGUAGE,
        )


def template(survey: Survey, position: int) -> SurveyTemplate:
    """A simulated survey in the product's form; the one after a conversation is the one in the box."""
    if position == AFTER_CONVERSATION:
        return AFTER_SERVICE
    why = next(question for question in AFTER_SERVICE.questions if question.kind == "comment")
    score = QuestionTemplate(
        key="satisfaction" if survey.measure == "csat" else "recommendation",
        kind="score",
        wording=dict(survey.question),
        scale=(survey.lowest, survey.highest),
    )
    return SurveyTemplate(key=survey.key, name=survey.name, kind=survey.measure, questions=(score, why))


def _members(
    company: Company, rows: Rows, ids: Ids, *, at: datetime, roles: dict[str, uuid.UUID]
) -> list[uuid.UUID]:
    """Nobody can sign in as one of them: their passwords are unusable, their addresses nowhere."""
    addresses = [member.email for member in company.members]
    known = dict(User.objects.filter(email__in=addresses).values_list("email", "pk"))
    members = []
    for person in company.members:
        user, member = ids.at(at), ids.at(at)
        if person.email not in known:
            rows.add(
                "accounts_user",
                *(user, make_password(None), False, person.email, person.name),
                *(person.languages[0], "", True, at),
            )
        rows.add(
            "accounts_member",
            *(member, DEMO_ID, known.get(person.email, user), roles[person.role], person.name),
            *(as_json(person.languages), None, at),
        )
        members.append(member)
    return members


def _brands(
    company: Company, rows: Rows, chronicle: Chronicle, ids: Ids, *, at: datetime, owner: uuid.UUID
) -> list[uuid.UUID]:
    brands = []
    for position, (brand, accent) in enumerate(zip(company.brands, ACCENTS, strict=True)):
        key = ids.at(at)
        rows.add("accounts_brand", key, DEMO_ID, brand.name, brand.key, accent, at)
        brands.append(key)
        if position:  # the first one came with the company
            chronicle.tell(
                account_events.BRAND_CREATED,
                at,
                doer=by_member(owner),
                subject=("brand", key),
                data={"name": brand.name, "accent": accent},
            )
    return brands


def _teams(
    company: Company, rows: Rows, chronicle: Chronicle, ids: Ids, *, at: datetime, members: list[uuid.UUID]
) -> list[uuid.UUID]:
    teams = []
    for position, team in enumerate(company.teams):
        key = ids.at(at)
        rows.add("accounts_team", key, DEMO_ID, team.name, team.department)
        for number, person in enumerate(company.members):
            if person.team == position:
                rows.add("accounts_teammembership", ids.at(at), DEMO_ID, key, members[number])
        joined = sorted(person.name for person in company.members if person.team == position)
        named = {"name": team.name}
        for kind, data in (
            (account_events.TEAM_CREATED, {**named, "department": team.department}),
            (account_events.TEAM_MEMBERS_CHANGED, {**named, "joined": joined, "left": []}),
        ):
            chronicle.tell(kind, at, doer=by_member(members[0]), subject=("team", key), data=data)
        teams.append(key)
    return teams


def _promise_replies(rows: Rows, chronicle: Chronicle, ids: Ids, *, at: datetime, owner: uuid.UUID) -> None:
    """Business hours, and within how many minutes of them each channel promises a first reply."""
    rows.add("accounts_calendar", ids.at(at), DEMO_ID, "Business hours", as_json(HOURS), True)
    limits = {channel: int(limit) for channel, limit in zip(CHANNELS, REPLY_LIMIT, strict=True) if limit}
    for channel, minutes in {**limits, "": int(REPLY_LIMIT.max())}.items():
        key = ids.at(at)
        rows.add("desk_servicepolicy", key, DEMO_ID, channel, minutes, None)
        chronicle.tell(
            desk_events.POLICY_CHANGED,
            at,
            doer=by_member(owner),
            subject=("policy", key),
            data={"minutes": minutes, "channel": channel},
        )


def _surveys(
    company: Company, rows: Rows, chronicle: Chronicle, ids: Ids, *, at: datetime
) -> tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]]:
    surveys: list[uuid.UUID] = []
    scores: list[uuid.UUID] = []
    comments: list[uuid.UUID] = []
    for position, simulated in enumerate(company.surveys):
        survey, key = template(simulated, position), ids.at(at)
        rows.add("feedback_survey", key, DEMO_ID, survey.key, survey.name, survey.kind, True, at)
        surveys.append(key)
        for place, asked in enumerate(survey.questions):
            question = ids.at(at)
            rows.add(
                "feedback_question",
                *(question, DEMO_ID, key, asked.key, asked.kind, place, as_json(asked.wording)),
                *(asked.scale or (None, None)),
            )
            (scores if asked.kind == "score" else comments).append(question)
        chronicle.tell(
            feedback_events.SURVEY_CREATED, at, doer=SYSTEM, subject=("survey", key), data={"key": survey.key}
        )
    return surveys, scores, comments
