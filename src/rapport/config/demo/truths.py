"""The planted truths: every effect of the simulation as a named figure, and the list that analyses must find.

The simulation reads its effect sizes from here and from nowhere else, so the list cannot lie about the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rapport.config.demo.company import Truth

LATE_AFTER_DAYS = 3
LATE_POINTS_PER_DAY = -0.25

BILLING_LEAVING_FACTOR = 2.0
BILLING_WEEKS = 8

MONDAY_FACTOR = 1.7

FAULT_BEGINS_DAYS_BEFORE_END = 210
FAULT_DAYS = 14
FAILED_SHARE = 0.05
FAILED_SHARE_IN_FAULT = 0.40

KEPT_ORDER_FACTOR = 1.6
KEPT_WEEKS = 8
BROKEN_POINTS = -0.4

WARM_MEMBER = "Akinyi Ouma"
WARM_POINTS = 0.5

REOPENING_SHARE = 0.07
RETURNS_REOPENING_SHARE = 0.25
RETURNS_TEAM = "Delivery"
REOPENED_POINTS = -0.6

WHATSAPP_ANSWER_ODDS = 2.6
WHATSAPP_POINTS = 0.2
ANSWER_LOGIT_PER_POINT = 0.15

BLACK_FRIDAY_FACTOR = 2.6
BLACK_FRIDAY_DAYS = 4
DECEMBER_FACTOR = 1.5
JANUARY_FACTOR = 0.75
PAYDAY_FACTOR = 1.35
PAYDAY_FROM = 26
PAYDAY_TO = 3
EVENING_SHARE = 0.41

PLUS_CONTACT_FACTOR = 3.0
PLUS_LEAVING_FACTOR = 0.2

GOODWILL_LEAVING_FACTOR = 0.6
GOODWILL_NPS_POINTS = 1.6

ACCOUNT_CLOSING_SHARE = 0.9


def planted(*, ends_at: datetime) -> list[Truth]:
    """Return the planted truths with their figures and, where they have one, their period."""
    fault_begins = ends_at - timedelta(days=FAULT_BEGINS_DAYS_BEFORE_END)
    return [
        Truth(
            key="late-delivery",
            statement=(
                f"Each day of delivery beyond {LATE_AFTER_DAYS} days after the promised date moves the "
                f"mean CSAT by {LATE_POINTS_PER_DAY} points. Up to {LATE_AFTER_DAYS} days late moves "
                "nothing."
            ),
            where=(
                "order.delivered (promised and delivered dates) with the delivery survey of that order; "
                "the survey after a conversation about the order carries the same effect"
            ),
            verdict="found",
            figures={"days_free": LATE_AFTER_DAYS, "csat_points_per_day": LATE_POINTS_PER_DAY},
            window=None,
        ),
        Truth(
            key="early-delivery",
            statement="Delivery before the promised date does not raise CSAT: 0.0 points per day early.",
            where="order.delivered with the delivery survey, orders delivered up to the promised date",
            verdict="must not be found",
            figures={"csat_points_per_day": 0.0},
            window=None,
        ),
        Truth(
            key="bad-billing-contact",
            statement=(
                f"A bad billing contact multiplies the hazard of leaving by {BILLING_LEAVING_FACTOR} in "
                f"each of the {BILLING_WEEKS} weeks after the week it was opened in. Bad means: the reason "
                "is under billing, and the first-reply promise was broken or the conversation was "
                "reopened."
            ),
            where=(
                f"conversations and account.closed; {ACCOUNT_CLOSING_SHARE} of those who leave close their "
                "account, the others fall silent. Adjust for tier"
            ),
            verdict="found",
            figures={
                "hazard_factor": BILLING_LEAVING_FACTOR,
                "weeks": BILLING_WEEKS,
                "account_closing_share": ACCOUNT_CLOSING_SHARE,
            },
            window=None,
        ),
        Truth(
            key="slow-mondays",
            statement=(
                f"First replies to conversations opened on a Monday (Nairobi) take {MONDAY_FACTOR} times "
                "as long, counted in staffed hours (07:00 to 22:00, every day)."
            ),
            where="conversations with a first-reply promise: opened_at and first_reply_at",
            verdict="found",
            figures={"factor": MONDAY_FACTOR},
            window=None,
        ),
        Truth(
            key="payment-fault",
            statement=(
                f"In the {FAULT_DAYS} days that begin {FAULT_BEGINS_DAYS_BEFORE_END} days before the end, "
                f"the share of orders with a failed payment rises from {FAILED_SHARE} to "
                f"{FAILED_SHARE_IN_FAULT}, and billing conversations rise with it."
            ),
            where="payment.failed per order.placed, conversations with reasons under billing, by day",
            verdict="found",
            figures={
                "begins_days_before_end": FAULT_BEGINS_DAYS_BEFORE_END,
                "days": FAULT_DAYS,
                "failed_share": FAILED_SHARE,
                "failed_share_in_fault": FAILED_SHARE_IN_FAULT,
            },
            window=(fault_begins, fault_begins + timedelta(days=FAULT_DAYS)),
        ),
        Truth(
            key="kept-promise",
            statement=(
                f"In the {KEPT_WEEKS} weeks after a conversation whose first reply kept its promise "
                f"customers order {KEPT_ORDER_FACTOR} times as often as after a broken one (the latest "
                "conversation decides), and a broken promise moves the CSAT of that conversation by "
                f"{BROKEN_POINTS} points."
            ),
            where="conversations with a first-reply promise, order.placed, the survey after the conversation",
            verdict="found",
            figures={"order_factor": KEPT_ORDER_FACTOR, "weeks": KEPT_WEEKS, "csat_points": BROKEN_POINTS},
            window=None,
        ),
        Truth(
            key="warm-member",
            statement=(
                f"Conversations answered by {WARM_MEMBER} are rated {WARM_POINTS} points higher than those "
                "of others with the same case mix. Work is spread at random within a team."
            ),
            where="the survey after a conversation, within the team Care",
            verdict="found",
            figures={"member": WARM_MEMBER, "csat_points": WARM_POINTS},
            window=None,
        ),
        Truth(
            key="returns-reopen",
            statement=(
                f"Returns are spread at random over Care and {RETURNS_TEAM}. Those at {RETURNS_TEAM} "
                f"reopen with a share of {RETURNS_REOPENING_SHARE}, everything else with "
                f"{REOPENING_SHARE}; a reopening moves CSAT by {REOPENED_POINTS} points."
            ),
            where="conversations with reasons under returns, by team: reopened_at",
            verdict="found",
            figures={
                "team": RETURNS_TEAM,
                "share": RETURNS_REOPENING_SHARE,
                "usual_share": REOPENING_SHARE,
                "csat_points": REOPENED_POINTS,
            },
            window=None,
        ),
        Truth(
            key="whatsapp-answers",
            statement=(
                f"The odds of answering a survey are {WHATSAPP_ANSWER_ODDS} times as high on WhatsApp, "
                f"where people are also {WHATSAPP_POINTS} CSAT points happier after a conversation; and "
                f"each point of satisfaction adds {ANSWER_LOGIT_PER_POINT} to the log odds. The plain mean "
                "is too rosy."
            ),
            where="invitations and responses by channel",
            verdict="found",
            figures={
                "answer_odds_factor": WHATSAPP_ANSWER_ODDS,
                "csat_points": WHATSAPP_POINTS,
                "logit_per_point": ANSWER_LOGIT_PER_POINT,
            },
            window=None,
        ),
        Truth(
            key="seasons",
            statement=(
                f"Visits and orders multiply by {BLACK_FRIDAY_FACTOR} in the {BLACK_FRIDAY_DAYS} days from "
                f"Black Friday, by {DECEMBER_FACTOR} from 1 to 23 December, by {JANUARY_FACTOR} from 4 to "
                f"24 January and by {PAYDAY_FACTOR} from day {PAYDAY_FROM} of a month to day {PAYDAY_TO} "
                f"of the next. The hours from 19:00 to 23:00 hold {EVENING_SHARE} of them. Gift givers and "
                "bargain hunters feel the season more than others."
            ),
            where="order.placed and page.viewed by Nairobi day and hour",
            verdict="found",
            figures={
                "black_friday_factor": BLACK_FRIDAY_FACTOR,
                "black_friday_days": BLACK_FRIDAY_DAYS,
                "december_factor": DECEMBER_FACTOR,
                "january_factor": JANUARY_FACTOR,
                "payday_factor": PAYDAY_FACTOR,
                "payday_from": PAYDAY_FROM,
                "payday_to": PAYDAY_TO,
                "evening_share": EVENING_SHARE,
            },
            window=None,
        ),
        Truth(
            key="goodwill",
            statement=(
                "A hidden goodwill moves both: one standard deviation more multiplies the hazard of "
                f"leaving by {GOODWILL_LEAVING_FACTOR} and adds {GOODWILL_NPS_POINTS} to the mean NPS "
                "answer. So detractors leave sooner than promoters, without NPS being the cause."
            ),
            where="the quarterly survey and account.closed after the answer",
            verdict="found",
            figures={"leaving_factor": GOODWILL_LEAVING_FACTOR, "nps_points": GOODWILL_NPS_POINTS},
            window=None,
        ),
        Truth(
            key="complaining-and-staying",
            statement=(
                "Customers who get in touch more stay longer, and it is not an effect: Plus customers get "
                f"in touch {PLUS_CONTACT_FACTOR} times as often per order and have {PLUS_LEAVING_FACTOR} "
                "times the hazard of leaving. Within a tier, contacting as such changes nothing."
            ),
            where="conversations per customer-week and account.closed, plainly and then within tier",
            verdict="vanishes when adjusted",
            figures={"contact_factor": PLUS_CONTACT_FACTOR, "leaving_factor": PLUS_LEAVING_FACTOR},
            window=None,
        ),
        Truth(
            key="banner",
            statement=(
                "Which home page banner a visitor sees (acacia or baobab) is a coin toss with 0.0 effect "
                "on orders, leaving, satisfaction or answering."
            ),
            where="customers by banner, and page.viewed",
            verdict="must not be found",
            figures={"effect": 0.0},
            window=None,
        ),
    ]


def document(truths: Sequence[Truth]) -> str:
    """Render the truths as the reference page ``docs/reference/demo-truths.md``, without calendar dates."""
    lines = [
        "# What is planted in the demo company",
        "",
        "`rapport demo` fills an empty installation with two years of a made-up Kenyan online shop.",
        "The data are drawn at random from one seed, but not without meaning: the effects below are",
        "planted with the sizes given, so that every analysis in Rapport can be held against a",
        "known truth. Verdicts: *found* means that a sound analysis of the full demo finds it;",
        "*vanishes when adjusted* means that it shows in the plain figures and is explained by",
        "something else; *must not be found* means that there is nothing to find.",
        "",
        "Times of day are Nairobi time (UTC+3). Effect sizes are those of the simulation; an",
        "estimate from the data lies near them, not on them. This page is written by",
        "`rapport.config.demo.truths.document` and a test keeps the two equal.",
        "",
    ]
    for truth in truths:
        lines += [
            f"## {truth.key}",
            "",
            truth.statement,
            "",
            f"- Verdict: {truth.verdict}",
            f"- Where: {truth.where}",
        ]
        lines += [f"- `{name}`: {figure}" for name, figure in truth.figures.items()]
        lines.append("")
    return "\n".join(lines)
