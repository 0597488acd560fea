"""What the SELECTs of the terms cannot read by themselves: words that say nothing, anywhere or of a category, and names."""

from __future__ import annotations

import re

import pyarrow as pa

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.focus_words import SHORT_FORMS, STOP_WORDS
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables import TABLES

# Words of names, and names, logins and local parts of addresses in one piece; a GitHub id before a login is taken off.
# Accents are taken off as people do who write a name into a path.
_PERSON_WORDS = """
WITH people AS (
  SELECT DISTINCT lower(a.name) AS name, lower(a.login) AS login, lower(split_part(a.email, '@', 1)) AS local_part
  FROM contributor_aliases AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind = 'human'
),

names AS (
  SELECT
    CASE WHEN regexp_matches(name, '[^ -~]') THEN translate(name, $accented, $plain) ELSE name END AS name
  FROM (SELECT DISTINCT name FROM people)
),

words AS (
  SELECT unnest(string_split(regexp_replace(name, '[^a-z0-9]+', ' ', 'g'), ' ')) AS word FROM names
  UNION
  SELECT regexp_replace(name, '[^a-z0-9]+', '', 'g') FROM names
  UNION
  SELECT regexp_replace(login, '[^a-z0-9]+', '', 'g') FROM people
  UNION
  SELECT regexp_replace(regexp_replace(local_part, '^[0-9]+[+]', ''), '[^a-z0-9]+', '', 'g') FROM people
)

SELECT word FROM words WHERE length(word) >= 3
"""
_ACCENTED = "áàâäãåāăąçćčďđéèêëēėęěğíìîïīįıłľńňñóòôöõøōőŕřśşšţťúùûüūůűýÿźžż"
_PLAIN = "aaaaaaaaacccddeeeeeeeegiiiiiiillnnnoooooooorrsssttuuuuuuuyyzzz"


def stage_term_words(session: Session, _: Inputs, __: Quarter | None) -> None:
    """Stage `stop_words`, kind of term and word, and `short_forms`, what is written and the name that it stands for."""
    rows = [{"kind": kind, "word": word} for kind, words in STOP_WORDS.items() for word in sorted(words)]
    session.stage("stop_words", pa.Table.from_pylist(rows))
    session.stage("short_forms", pa.Table.from_pylist([{"short": s, "name": n} for s, n in SHORT_FORMS.items()]))


def stage_words_left_out(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    """Stage `category_words`, and `person_words`, once a session: what every quarter leaves out of its terms, of all times."""
    session.stage("category_words", category_words(inputs.catalogue))
    if not session.holds("person_words"):
        session.read(TABLES["focus_terms"], quarter)
        session.materialize("person_words", _PERSON_WORDS, {"accented": _ACCENTED, "plain": _PLAIN})


def category_words(catalogue: Catalogue) -> pa.Table:
    """Return the words of each category's name and definition, in lower case: one row each."""
    rows = [
        {"category": category.slug, "word": word}
        for category in catalogue.categories
        for word in sorted(set(re.findall("[a-z]+", f"{category.name} {category.definition}".lower())))
    ]
    return pa.Table.from_pylist(rows)
