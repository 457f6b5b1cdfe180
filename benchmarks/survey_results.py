"""The page of the results of a survey with 100 000 answers (25 000 responses of 4), from request to HTML; on the
demonstration's data, rolled back.

python3 dev.py manage shell -c "import benchmarks.survey_results as b; b.main()"
"""

import time

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from access.models import User
from surveys.models import Survey

ROUNDS = 9
RESPONSES = """
INSERT INTO surveys_response (id, survey_id, answered_on, channel, topic_id)
SELECT gen_random_uuid(), %s, %s::date + 7 * (n %% 12), (ARRAY['in', 'out'])[1 + n %% 2],
    (SELECT array_agg(id ORDER BY id) FROM calls_topic)[1 + n %% 6]
FROM generate_series(1, 25000) AS n
"""
ANSWERS = """
INSERT INTO surveys_answer (id, response_id, question_id, number, choice_id, text)
SELECT gen_random_uuid(), response.id, question.id,
    CASE WHEN question.kind IN ('scale', 'nps') THEN 1 + (random() * 4)::int END,
    CASE WHEN question.kind IN ('choice', 'several')
        THEN (SELECT max(id) FROM surveys_choice WHERE question_id = question.id) - (random() * 4)::int END, ''
FROM surveys_response AS response JOIN surveys_question AS question USING (survey_id)
WHERE survey_id = %s AND question.kind <> 'text'
    AND NOT EXISTS (SELECT FROM surveys_answer WHERE response_id = response.id)
"""


def main() -> None:
    survey = Survey.objects.filter(state="closed").latest("pk")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESPONSES, [survey.pk, survey.send_on])
        cursor.execute(ANSWERS, [survey.pk])
        print("answers", cursor.rowcount)
        cursor.execute("ANALYZE surveys_response, surveys_answer")  # as autovacuum does soon after
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(User.objects.get(username="grant"))
        print("ms", sorted(round(1000 * measured(client, survey)) for _round in range(ROUNDS)))
        transaction.set_rollback(True)


def measured(client: Client, survey: Survey) -> float:
    began = time.perf_counter()
    page = client.get(reverse("surveys:results", args=[survey.uid]))
    seconds = time.perf_counter() - began
    if page.status_code != 200:
        raise SystemExit(f"The page answered {page.status_code}.")
    return seconds
