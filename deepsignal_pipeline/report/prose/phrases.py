"""Ways to say what is particular about a category, where its people are, and what that means for hiring.

Data, not code: patterns of `compose.say`, several for an occasion, used in turn. The bound entity is always `c`. Where
a pattern claims more than its numbers (a rank, "half of"), the code that picks it has checked that first.
"""

from __future__ import annotations

OBSERVATIONS = {
    "stay.high": (
        "People stay with the work here, {c.mean_active_weeks} weeks of the quarter on average{rank}, and "
        "{c.one_week_share} were seen in a single week.",
        "The average contributor was active in {c.mean_active_weeks} of thirteen weeks{rank}.",
        "At {c.mean_active_weeks} active weeks a head{rank}, this is work that people come back to.",
    ),
    "stay.low": (
        "Passing by is the rule: {c.one_week_share} of the people were active in one week only, and the average is "
        "{c.mean_active_weeks} weeks{rank}.",
        "{c.one_week_share} were seen in a single week, and the average contributor in {c.mean_active_weeks} of "
        "thirteen{rank}.",
        "Depth is another matter: {c.mean_active_weeks} active weeks on average{rank}, with {c.one_week_share} of "
        "the people there for one week.",
    ),
    "churn.high": (
        "Even among people with two active weeks or more, {c.engaged_churn_rate_pct} were not seen again{rank}.",
        "Of those who had been active in two weeks or more, {c.engaged_churn_rate_pct} were not seen again{rank}.",
    ),
    "churn.low": (
        "Those who had settled in mostly came back: of people with two active weeks or more a quarter ago, "
        "{c.engaged_churn_rate_pct} were not seen again{rank}.",
        "Of the engaged people of the quarter before, {c.engaged_churn_rate_pct} are missing{rank}.",
    ),
    "tenure.high": (
        "Median tenure is {c.median_tenure_years} years{rank}.",
        "Half of the people have been at it for {c.median_tenure_years} years or more{rank}, and "
        "{c.tenure_2_years_or_more} of them for at least two.",
    ),
    "tenure.low": (
        "Few have been here long: {c.tenure_under_1_year} of {c.contributors} people have been in it for less than a year.",
        "Long experience is rare: {c.tenure_under_1_year} of its {c.contributors} people came within the last year.",
    ),
    "pace.high": (
        "{c.full_time_like} people were full-time-like: active on ten days or more within four weeks.",
        "{c.full_time_like} of its people were full-time-like, with ten active days or more within four weeks.",
    ),
    "pace.low": (
        "Only {c.full_time_like} people were full-time-like: active on ten days or more within four weeks.",
        "Full-time-like, active on ten days or more within four weeks, were {c.full_time_like}.",
    ),
    "spread.high": (
        "The work is spread: it takes {c.absence_factor} people to reach half of the commits{rank}.",
        "Half of the commits come from {c.absence_factor} people{rank}, so no single desk carries it.",
    ),
    "spread.low": (
        "Half of the commits come from {c.absence_factor} people{rank}.",
        "The work itself rests on few: {c.absence_factor} people made half of the commits{rank}.",
    ),
}

RANKS = {
    "stay.high": ", the most of the twelve",
    "stay.low": ", the fewest of the twelve",
    "churn.high": ", the highest rate of the twelve",
    "churn.low": ", the lowest rate of the twelve",
    "tenure.high": ", the longest of the twelve",
    "spread.high": ", the most of the twelve",
    "spread.low": ", the fewest of the twelve",
}

PROJECTS = (
    "The largest addresses are {projects}.",
    "Most visible are {projects}.",
    "The crowd is at {projects}.",
    "By head count it is mainly {projects}.",
)

PROJECT = (
    "{repository} with {p.contributors} people{new}",
    "{repository} with {p.contributors}{new}",
)

CHANGED = (
    "By repository, {projects}.",
    "Taken apart by repository, {projects}.",
    "Of its repositories, {projects}.",
)

CHANGE = (
    "{repository} went from {before} people to {now}{new}",
    "{repository} from {before} to {now}{new}",
)

NEWCOMERS = (
    "{c.contributors_new} of its {c.contributors} people are new to it",
    "of {c.contributors} people {c.contributors_new} had never committed to it before",
    "{c.contributors_new} people of {c.contributors} came for the first time",
)

RETURNING = "{people} came back after a pause"

NOT_SEEN = (
    "of the {c.contributors_previous} of the quarter before, {c.contributors_churned} were not seen again "
    "({c.churn_rate_pct}, interval {c.churn_rate_pct:interval})",
    "{c.churn_rate_pct} of those of the quarter before were not seen again",
)
"""What may be printed of it is said: the first one, of which every number may be shown."""

HIRING = {
    "shallow": (
        "For hiring this is a wide pool and a shallow one: what counts is what came after the first week.",
        "Read a single commit here as interest, not yet as experience.",
        "Many appear here for a week: a record begins with the second month.",
        "Most of those who are counted here were seen in one week only.",
        "What came after the first change was merged says more here than the change.",
    ),
    "deep": (
        "Whoever talks about this work with these people should know the code: they do, and they have stayed with it.",
        "A record, week by week, is the place to start here.",
        "Activity over many weeks says here what a profile does not.",
    ),
    "few": (
        "Count the people who carry the work, not the people who appear in it.",
        "The commits rest on far fewer people than are counted here.",
        "The number of people misleads; the commits tell of a much smaller one.",
    ),
    "bridge": (
        "Its people overlap with those of {other}: {p.shared} committed to both this quarter.",
        "{p.shared} of its people also committed to {other}; they stand in both counts.",
    ),
    "steady": (
        "The people of last quarter are largely the people of this one.",
        "What was known of its people a quarter ago still serves.",
    ),
    "mixed": (
        "Read its people by active weeks: the pool holds both kinds, the settled and the passing.",
        "Of two profiles here, the one with weeks tells more than the one with commits.",
        "What remains when those of one week are set aside is the pool.",
    ),
}
