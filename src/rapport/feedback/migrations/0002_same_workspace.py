from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("customers", "0002_same_workspace")]
    operations = [
        same_workspace("feedback_question", "survey_id", "feedback_survey"),
        same_workspace("feedback_invitation", "survey_id", "feedback_survey"),
        same_workspace("feedback_invitation", "identity_id", "customers_identity"),
        same_workspace("feedback_response", "invitation_id", "feedback_invitation"),
        same_workspace("feedback_response", "survey_id", "feedback_survey"),
        same_workspace("feedback_response", "identity_id", "customers_identity"),
        same_workspace("feedback_answer", "response_id", "feedback_response"),
        same_workspace("feedback_answer", "question_id", "feedback_question"),
    ]
