"""Kinds of events that feedback records."""

from rapport.kernel.log import declare

SURVEY_CREATED = declare("survey.created", "A survey was set up.", audited=True)
SURVEY_INVITED = declare("survey.invited", "A customer was asked a survey.")
SURVEY_NOT_ASKED = declare("survey.not_asked", "A customer was not asked; the reason is in the data.")
SURVEY_ANSWERED = declare("survey.answered", "A customer answered; the score is in the data.")
SURVEY_COMMENTED = declare("survey.commented", "A customer added words to a score.")
