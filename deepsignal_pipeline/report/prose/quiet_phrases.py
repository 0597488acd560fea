"""The quiet corners: a clause that begins with the name, then one about what is particular.

Data, not code: patterns of `compose.say`, several for an occasion, used in turn. The bound entity is always `c`. No trend
word stands in a pattern: its verbs are bound, as in `lead_phrases`.
"""

from __future__ import annotations

QUIET = {
    "few": ("{who} has fewer than five people this quarter; nothing more is said of it",),
    "first": ("{who} opens at {c.contributors} people and {c.commits} commits",),
    "partial": (
        "{who} can be read in part only, its source ends early: {c.basket_contributors_qoq_pct} in people over what "
        "is complete",
    ),
    "new": ("{who} counted {c.contributors} people and has no quarter to compare with",),
    "small": ("{who}, at {c.contributors} people, is too small to read a change from",),
    "young": (
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}, in repositories too young to compare",
    ),
    "differs.level": (
        "{who} shows {c.contributors_qoq_pct} in people, a number that {basket} once the same repositories are compared "
        "({c.basket_contributors_qoq_pct})",
        "{who} looks larger ({c.contributors_qoq_pct}), but over the same repositories the number of people {basket} "
        "({c.basket_contributors_qoq_pct})",
    ),
    "differs.up": (
        "{who} shows {c.contributors_qoq_pct} in people raw; over the same repositories their number {basket} by "
        "{c.basket_contributors_qoq_pct:bare}",
    ),
    "differs.down": (
        "{who} has {c.contributors} people, whose number {basket} by {c.basket_contributors_qoq_pct:bare} over the same "
        "repositories, whatever the raw {c.contributors_qoq_pct} says",
    ),
    "differs.other": (
        "{who} shows {c.commits_qoq_pct} in commits raw and {c.basket_commits_qoq_pct} over the same repositories, "
        "with {c.contributors_qoq_pct} and {c.basket_contributors_qoq_pct} in people",
    ),
    "differs.carried": (
        "{who} counted {c.contributors} people ({c.basket_contributors_qoq_pct} over the same repositories), and "
        "one of them made {c.top_contributor_share} of the commits",
    ),
    "carried": (
        "{who} counted {c.contributors} people, {c.contributors_previous} before, and one of them made "
        "{c.top_contributor_share} of the commits",
        "In {who}, one person made {c.top_contributor_share} of {c.commits} commits, and the {c.contributors} "
        "people around them make no trend",
    ),
    "open": (
        "{who} counted {c.contributors} people ({c.contributors_qoq_pct}) and {c.commits} commits ({c.commits_qoq_pct})",
    ),
    "up.up": (
        "in {who} the number of people {people} by {c.contributors_qoq_pct:bare}, and the commits {work} by "
        "{c.commits_qoq_pct:bare}",
        "{who} counted {c.contributors} people, a number that {people} by {c.contributors_qoq_pct:bare}, and commits "
        "that {work} by {c.commits_qoq_pct:bare}",
    ),
    "up.level": (
        "{who} counted more people for about as many commits: their number {people} by {c.contributors_qoq_pct:bare}, to "
        "{c.contributors}, and the commits {work}",
        "in {who} the number of people {people} by {c.contributors_qoq_pct:bare} over commits that {work}",
    ),
    "up.down": (
        "{who} has more people, a number that {people} by {c.contributors_qoq_pct:bare}, and fewer commits, which {work} "
        "by {c.commits_qoq_pct:bare}",
    ),
    "up.open": (
        "{who} counted {c.contributors} people, a number that {people} by {c.contributors_qoq_pct:bare}, and commits "
        "whose change ({c.commits_qoq_pct}) is the doing of too few to be read",
    ),
    "level.up": (
        "in {who} the number of people {people} ({c.contributors} in all), and the commits {work} by "
        "{c.commits_qoq_pct:bare}",
        "{who} got more commits out of about as many people, {c.contributors}: the count {work_one} by "
        "{c.commits_qoq_pct:bare}",
    ),
    "level.level": (
        "in {who} the number of people {people}, at {c.contributors}, and the commits {work} too",
        "{who} looks much as it did a quarter ago, with {c.contributors} people and {c.commits} commits",
        "{who} gave no news in its counts ({c.contributors_qoq_pct} in people, {c.commits_qoq_pct} in commits)",
    ),
    "level.down": (
        "in {who} the number of people {people}, at {c.contributors}, and the commits {work} by "
        "{c.commits_qoq_pct:bare}",
        "{who} has about as many people, {c.contributors}, and fewer commits, which {work} by {c.commits_qoq_pct:bare}",
    ),
    "level.open": (
        "in {who} the number of people {people}, at {c.contributors}; the change in its "
        "commits ({c.commits_qoq_pct}) is the doing of too few to be read",
        "{who} has about as many people, {c.contributors}, and a change in commits ({c.commits_qoq_pct}) that few of them made",
    ),
    "down.up": (
        "{who} made more commits with fewer people: the former {work} by {c.commits_qoq_pct:bare}, the number of the "
        "latter {people} by {c.contributors_qoq_pct:bare}",
    ),
    "down.level": (
        "in {who} the number of people {people} by {c.contributors_qoq_pct:bare}, while the commits {work}",
    ),
    "down.down": (
        "in {who} the number of people {people} by {c.contributors_qoq_pct:bare}, and the commits {work} by "
        "{c.commits_qoq_pct:bare}",
    ),
    "down.open": (
        "{who} counted {c.contributors} people, a number that {people} by {c.contributors_qoq_pct:bare}, and commits "
        "whose change ({c.commits_qoq_pct}) is the doing of too few to be read",
    ),
}

HIDDEN = (
    "{who} counted {c.contributors} people ({c.contributors_qoq_pct}), and what they did would tell of few of them",
    "{who} counted {c.contributors} people, and what changed would tell of few of them",
    "how many people {who} counts is not printed, since it would tell of few of them",
)
"""What is said where no way to tell a story has all of its numbers: the first one that has."""

CHANGED = "by repository, {projects}"

BASKET = {
    "both": (
        "over the same repositories people stand at {c.basket_contributors_qoq_pct} and commits at {c.basket_commits_qoq_pct}"
    ),
    "contributors": "over the same repositories people stand at {c.basket_contributors_qoq_pct}",
    "commits": "over the same repositories commits stand at {c.basket_commits_qoq_pct}",
}
"""What follows a clause about raw changes where the same repositories give others."""

CLAUSES = {
    "newcomers.high": ("{c.contributors_new} of its {c.contributors} people are new to it",),
    "newcomers.low": ("{c.contributors_retained} of its {c.contributors} people were there the quarter before",),
    "stay.high": (
        "its people were active in {c.mean_active_weeks} weeks on average{rank}",
        "the average contributor came back for {c.mean_active_weeks} weeks{rank}",
    ),
    "stay.low": (
        "{c.one_week_share} of its people were seen in a single week",
        "the average contributor was there for {c.mean_active_weeks} weeks{rank}",
    ),
    "churn.high": (
        "{c.engaged_churn_rate_pct} of those with two active weeks or more were not seen again{rank}",
        "even of its engaged people {c.engaged_churn_rate_pct} are missing{rank}",
    ),
    "churn.low": (
        "of those with two active weeks or more, {c.engaged_churn_rate_pct} were not seen again{rank}",
        "no more than {c.engaged_churn_rate_pct} of its engaged people are missing{rank}",
    ),
    "tenure.high": ("half of its people have been there for {c.median_tenure_years} years or more{rank}",),
    "tenure.low": ("{c.tenure_under_1_year} of its {c.contributors} people have less than a year in it",),
    "pace.high": ("{c.full_time_like} people were full-time-like",),
    "pace.low": ("{c.full_time_like} people were full-time-like",),
    "spread.high": ("the work is spread, half of it over {c.absence_factor} people{rank}",),
    "spread.low": ("half of the commits are the work of {c.absence_factor} people{rank}",),
}
