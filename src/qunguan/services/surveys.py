"""Surveys: which there are, what they ask, what was answered, and how serious those are who answered (S3-04, S3-37).

Counts, intents and levels are derived: a reply that comes again corrected, an option that gets another intent, a rule
that is set anew need no repair.
"""

from __future__ import annotations

from qunguan.services.survey_edit import add as add
from qunguan.services.survey_edit import add_preset as add_preset
from qunguan.services.survey_edit import ask as ask
from qunguan.services.survey_edit import put_option as put_option
from qunguan.services.survey_edit import put_question as put_question
from qunguan.services.survey_edit import remove as remove
from qunguan.services.survey_edit import remove_option as remove_option
from qunguan.services.survey_edit import remove_question as remove_question
from qunguan.services.survey_edit import settle as settle
from qunguan.services.survey_import import take_in as take_in
from qunguan.services.survey_tags import apply as apply
from qunguan.services.survey_tags import tagging as tagging
from qunguan.services.survey_views import Shown as Shown
from qunguan.services.survey_views import chosen as chosen
from qunguan.services.survey_views import counted as counted
from qunguan.services.survey_views import find as find
from qunguan.services.survey_views import get as get
from qunguan.services.survey_views import questions as questions
from qunguan.services.survey_views import reply as reply
from qunguan.services.survey_views import surveys as surveys
from qunguan.services.survey_views import voices as voices
from qunguan.services.survey_views import words as words
from qunguan.services.survey_whose import match as match
from qunguan.services.survey_whose import waiting as waiting
