"""What every test may use: the named cast, and the walls around a run.

The database of the run is the plugin ``rapport.config.tests.database``. People: Wanjiru owns the shop Duka,
Daniel is its admin, Amina leads, Otieno answers, Zawadi analyses, Thomas only looks; Wambui is a customer;
Baraka owns another company, Kiosk, and is a stranger to Duka.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import pytest
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from django.test import Client

    from rapport.accounts.models import Member, User, Workspace
    from rapport.kernel.actors import Actor

LOCAL = ["127.0.0.1", "::1", "localhost"]
PASSWORD = "kanga-market-sunrise"
KENYA = {"time_zone": "Africa/Nairobi", "country": "KE", "currency": "KES", "language": "en"}


@pytest.fixture(autouse=True)
def only_local_sockets() -> None:
    """No test may reach the outside world."""
    socket_allow_hosts(LOCAL, allow_unix_socket=True)


@dataclass(frozen=True)
class Person:
    """Somebody of the cast. They sign in with ``PASSWORD``; ``client`` is signed in already."""

    user: User
    member: Member

    @cached_property
    def actor(self) -> Actor:
        from rapport.accounts.queries import actor_for

        return actor_for(self.member)

    @cached_property
    def client(self) -> Client:
        from django.test import Client

        client = Client()
        client.force_login(self.user)
        return client

    @property
    def workspace(self) -> Workspace:
        return self.member.workspace


@dataclass(frozen=True)
class Served:
    """A customer of the cast, with the identities we know them by."""

    customer_id: uuid.UUID
    phone_id: uuid.UUID
    email_id: uuid.UUID


@lru_cache(maxsize=1)
def _password_hash() -> str:
    """Hashing is slow on purpose; once for all people of a run is enough."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def _sign_in(name: str) -> User:
    from rapport.accounts.models import User

    email = f"{name.split()[0].lower()}@example.com"
    return User.objects.create(email=email, name=name, password=_password_hash())


def _company(owner: str, name: str) -> Person:
    from rapport.accounts.actions import create_workspace

    user = _sign_in(owner)
    _workspace, member = create_workspace(user, name=name, **KENYA)
    return Person(user, member)


def _colleague(workspace: Workspace, name: str, role: str) -> Person:
    from rapport.accounts.models import Member, Role

    user = _sign_in(name)
    held = Role.objects.within(workspace).get(key=role)
    return Person(user, Member.objects.create(workspace=workspace, user=user, role=held, name=name))


@pytest.fixture
def wanjiru(db: None) -> Person:
    """Owns the shop Duka."""
    return _company("Wanjiru Kariuki", "Duka")


@pytest.fixture
def duka(wanjiru: Person) -> Workspace:
    """Wanjiru's company, with its roles, first brand and business hours."""
    return wanjiru.workspace


@pytest.fixture
def daniel(duka: Workspace) -> Person:
    """Admin of Duka."""
    return _colleague(duka, "Daniel Mutiso", "admin")


@pytest.fixture
def amina(duka: Workspace) -> Person:
    """Leads the people who answer at Duka."""
    return _colleague(duka, "Amina Hassan", "lead")


@pytest.fixture
def otieno(duka: Workspace) -> Person:
    """Answers customers at Duka."""
    return _colleague(duka, "Otieno Odhiambo", "agent")


@pytest.fixture
def zawadi(duka: Workspace) -> Person:
    """Analyst at Duka."""
    return _colleague(duka, "Zawadi Njoroge", "analyst")


@pytest.fixture
def viewer(duka: Workspace) -> Person:
    """Thomas, who may only look at Duka."""
    return _colleague(duka, "Thomas Lindqvist", "viewer")


@pytest.fixture
def baraka(db: None) -> Person:
    """Owns Kiosk, another company, and is a stranger to Duka."""
    return _company("Baraka Mushi", "Kiosk")


@pytest.fixture
def kiosk(baraka: Person) -> Workspace:
    """Baraka's company."""
    return baraka.workspace


@pytest.fixture
def wambui(duka: Workspace) -> Served:
    """Wambui Njeri, a customer of Duka, known by phone and email."""
    from rapport.customers.actions import add_identity, recognise
    from rapport.customers.rules import Level
    from rapport.kernel.actors import system

    us = system(duka.pk)
    phone = recognise(
        us,
        namespace="phone",
        value="+254712345678",
        level=Level.ASSERTED,
        evidence="cast",
        name="Wambui Njeri",
    )
    email = add_identity(
        us,
        phone.customer_id,
        namespace="email",
        value="wambui@example.com",
        level=Level.ASSERTED,
        evidence="cast",
    )
    return Served(phone.customer_id, phone.identity_id, email.identity_id)
