"""Surveys, whom we asked, and what they answered.

An invitation and a response keep what was true at the time of service (matter, agent, team, channel), because
a score belongs to whoever served and not to whoever owns the conversation today. The matter is named by kind
and id: feedback does not know the desk.
"""

from __future__ import annotations

from django.db import models

from rapport.accounts.models import Member, Team
from rapport.customers.models import Identity
from rapport.kernel.scoping import WorkspaceRow


class Survey(WorkspaceRow):
    class Kind(models.TextChoices):
        CSAT = "csat", "CSAT"
        CES = "ces", "CES"
        NPS = "nps", "NPS"

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "key", name="survey_key_once")]

    def __str__(self) -> str:
        return self.name


class Question(WorkspaceRow):
    """One question. ``wording`` maps language to text; ``scale`` is lowest and highest value of a score."""

    class Kind(models.TextChoices):
        SCORE = "score", "Score"
        COMMENT = "comment", "Comment"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    wording = models.JSONField(default=dict)
    scale_low = models.SmallIntegerField(null=True)
    scale_high = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("survey", "key", name="question_key_once")]
        ordering = ["position"]


class Invitation(WorkspaceRow):
    """One person was asked one survey once. One per matter and settling of it (``occasion``)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=10, blank=True, default="")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("survey", "occasion", name="asked_once_per_occasion")]
        indexes = [
            models.Index(fields=["workspace", "asked_at"], name="invitation_by_asked"),
            models.Index(fields=["identity", "-asked_at"], name="invitation_by_identity"),
            models.Index(fields=["subject_id"], name="invitation_by_subject"),
        ]


class Response(WorkspaceRow):
    """What came back. ``score`` repeats the answer to the survey's score question, for counting."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="response")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(max_length=20)
    score = models.SmallIntegerField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "survey", "answered_at"], name="response_by_survey"),
            models.Index(fields=["identity", "-answered_at"], name="response_by_identity"),
            models.Index(fields=["subject_id"], name="response_by_subject"),
        ]


class Answer(WorkspaceRow):
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField(null=True)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("response", "question", name="answer_once_per_question")]
