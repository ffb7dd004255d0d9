"""Surveys that come with the product, in the languages it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class QuestionTemplate:
    key: str
    kind: str
    wording: dict[str, str]
    scale: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SurveyTemplate:
    key: str
    name: str
    kind: str
    questions: tuple[QuestionTemplate, ...] = field(default_factory=tuple)


#: The words under a 1-5 satisfaction scale, lowest first. Words, not only faces: faces mean other things elsewhere.
CSAT_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "en": ("Very bad", "Bad", "Okay", "Good", "Very good"),
    "sw": ("Vibaya sana", "Vibaya", "Sawa tu", "Vizuri", "Vizuri sana"),
    "es": ("Muy mal", "Mal", "Regular", "Bien", "Muy bien"),
    "pt": ("Muito mau", "Mau", "Razoável", "Bom", "Muito bom"),
    "fr": ("Très mauvais", "Mauvais", "Moyen", "Bon", "Très bon"),
    "zh-hans": ("很差", "差", "一般", "好", "很好"),
    "ar": ("سيئ جدًا", "سيئ", "مقبول", "جيد", "جيد جدًا"),
}

AFTER_SERVICE = SurveyTemplate(
    key="after-service",
    name="After service",
    kind="csat",
    questions=(
        QuestionTemplate(
            key="satisfaction",
            kind="score",
            scale=(1, 5),
            wording={
                "en": "How did we do?",
                "sw": "Tulikuhudumia vipi?",
                "es": "¿Qué tal lo hicimos?",
                "pt": "Como nos saímos?",
                "fr": "Comment avons-nous fait ?",
                "zh-hans": "我们的服务怎么样？",
                "ar": "كيف كانت خدمتنا؟",
            },
        ),
        QuestionTemplate(
            key="why",
            kind="comment",
            wording={
                "en": "What should we know?",
                "sw": "Ungependa tujue nini?",
                "es": "¿Qué deberíamos saber?",
                "pt": "O que devemos saber?",
                "fr": "Que devrions-nous savoir ?",
                "zh-hans": "您想告诉我们什么？",
                "ar": "ماذا تودّ أن نعرف؟",
            },
        ),
    ),
)


def worded(wording: dict[str, str], language: str) -> str:
    """The text in ``language``, in its base language, or in English."""
    return wording.get(language) or wording.get(language.split("-")[0]) or wording.get("en", "")
