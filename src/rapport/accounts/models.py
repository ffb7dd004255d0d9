"""Workspaces and the people who work in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rapport.kernel.calendars import BusinessCalendar
from rapport.kernel.ids import new_id
from rapport.kernel.scoping import WorkspaceRow


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. What somebody may do in a workspace hangs on their ``Member`` row, not on this."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_superuser


class Workspace(models.Model):
    """One company's data. Every other row belongs to one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60, default="Africa/Nairobi")
    currency = models.CharField(max_length=3, default="KES")
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, default="KE")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Brand(WorkspaceRow):
    """A face of the company: the name and colours that customers see."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)
    accent = models.CharField(max_length=7, default="#0f766e")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "slug", name="brand_slug_once_per_workspace")]

    def __str__(self) -> str:
        return self.name


class Calendar(WorkspaceRow):
    """Business hours and holidays under a name; ``spec`` is what ``BusinessCalendar.from_spec`` reads."""

    name = models.CharField(max_length=80)
    spec = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="calendar_name_once_per_workspace"),
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(is_default=True), name="one_default_calendar"
            ),
        ]

    def hours(self) -> BusinessCalendar:
        return BusinessCalendar.from_spec(self.spec)


class Role(WorkspaceRow):
    """A set of named permissions. Built-in ones carry a ``key`` and follow the product's list."""

    key = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="role_name_once_per_workspace"),
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=~models.Q(key=""), name="built_in_role_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(WorkspaceRow):
    """A person who works in a workspace."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=120)
    languages = models.JSONField(default=list, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "user", name="member_once_per_workspace")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Team(WorkspaceRow):
    """Members who work together; with ``department`` set, one that owns touchpoints."""

    name = models.CharField(max_length=80)
    department = models.CharField(max_length=80, blank=True, default="")
    members: models.ManyToManyField[Member, TeamMembership] = models.ManyToManyField(
        Member, through="TeamMembership", related_name="teams"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="team_name_once_per_workspace")
        ]

    def __str__(self) -> str:
        return self.name


class TeamMembership(WorkspaceRow):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_memberships")

    class Meta:
        constraints = [models.UniqueConstraint("team", "member", name="member_once_per_team")]


class Invitation(WorkspaceRow):
    """An open door for one email address; only the digest of its secret is kept."""

    email = models.EmailField()
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_address",
            )
        ]


class OwnerLink(models.Model):
    """The one-time door printed at first start. ``workspace`` is set when it opens a demo company."""

    digest = models.CharField(max_length=64, unique=True)
    workspace = models.ForeignKey(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)


class ApiKey(WorkspaceRow):
    """A key for programs: hashed, with a readable start, limited to named permissions."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=24)
    permissions = models.JSONField(default=list)
    issued_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
