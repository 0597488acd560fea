"""Ways to say what facts say. Data, not code: patterns of `compose.say`, several for an occasion, used in turn.

The bound entity is always `c`. Words for a change are those of `words`: level, up, down, nothing stronger. Where a
pattern claims more than its numbers (a rank, "half of"), the code that picks it has checked that first.
"""

from __future__ import annotations

DECKS = {
    "first": ("A first count",),
    "partial": ("A source that ends too early",),
    "new": ("A field without a past quarter",),
    "small": ("Too few to compare",),
    "young": ("Too young to compare", "New repositories, no common ground yet"),
    "differs.level": ("Bigger on paper, level underneath", "The increase is in new repositories"),
    "differs.up": ("Up, but by less than it looks", "Part new repositories, part real"),
    "differs.down": ("Up on paper, down underneath", "New repositories hide a smaller count"),
    "differs.carried": ("New repositories, and one person’s commits", "A busy quarter with one name behind half of it"),
    "carried": ("One person carries the count", "Read it without its busiest hand"),
    "up.up": ("More people, more commits", "Up on both counts", "The work keeps pace with the people"),
    "up.level": ("More hands, the same output", "The newcomers are not yet in the output"),
    "up.down": ("More people, fewer commits", "A wider crowd with less to show so far"),
    "level.up": ("As many people, more commits", "The output is up, the crowd is not"),
    "level.level": ("A level quarter", "Steady on both counts"),
    "level.down": ("As many people, fewer commits",),
    "down.up": ("Fewer people, more commits",),
    "down.level": ("Fewer people, the same output",),
    "down.down": ("Down on both counts", "Fewer people, fewer commits"),
}

LEADS = {
    "first": (
        "{who} opens at {c.contributors} people and {c.commits} commits; there is no quarter before to compare with.",
        "In {who} the first count is {c.contributors} people, {c.commits} commits.",
    ),
    "partial": (
        "The history held of {who} ends before the quarter does in part of its repositories, so its "
        "{c.contributors} people and {c.commits} commits are too low and its raw changes are not printed. Over the "
        "repositories that are complete, people stand at {c.basket_contributors_qoq_pct} and commits at "
        "{c.basket_commits_qoq_pct}.",
        "{who} cannot be read whole this quarter: a source ends early. What is complete shows "
        "{c.basket_contributors} people against {c.basket_contributors_previous} ({c.basket_contributors_qoq_pct}).",
    ),
    "new": ("{who} counted {c.contributors} people, and none a quarter before: there is no change to state.",),
    "small": (
        "{who} counted {c.contributors} people against {c.contributors_previous}, on a base too small for a trend "
        "({c.commits} commits, {c.commits_previous} before).",
        "With {c.contributors_previous} people a quarter before, {who} is too small to read a change from; it now "
        "counts {c.contributors}.",
    ),
    "young": (
        "{who} went from {c.contributors_previous} people to {c.contributors} ({c.contributors_qoq_pct}), and "
        "hardly any of that can be compared, because its repositories are too young. Where they are old enough "
        "({c.basket_repositories} in all), the count went from {c.basket_contributors_previous} to "
        "{c.basket_contributors}, too few to read a trend from.",
        "{who} counted {c.contributors} people, {c.contributors_qoq_pct} on the quarter before. Its repositories "
        "are too young to say more: over those old enough to compare, people went from "
        "{c.basket_contributors_previous} to {c.basket_contributors}.",
    ),
    "differs.level": (
        "On paper {who} now has {c.contributors} people, {c.contributors_qoq_pct} on the quarter before. Over the "
        "repositories that were already there it is level: {c.basket_contributors_previous} people then, "
        "{c.basket_contributors} now.",
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}; the same repositories as before show "
        "{c.basket_contributors_qoq_pct}, which is level.",
    ),
    "differs.up": (
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}. Over the repositories that were "
        "already there it is up {c.basket_contributors_qoq_pct:bare}, from {c.basket_contributors_previous} to "
        "{c.basket_contributors}.",
        "Up {c.basket_contributors_qoq_pct:bare} over the same repositories, {c.contributors_qoq_pct} raw: {who} "
        "counted {c.contributors} people, and the larger figure owes its size to repositories that only just began.",
    ),
    "differs.down": (
        "{who} counted {c.contributors} people, {c.contributors_qoq_pct} raw. The repositories that were already "
        "there tell it the other way: down {c.basket_contributors_qoq_pct:bare}, from "
        "{c.basket_contributors_previous} to {c.basket_contributors}.",
        "The raw change of {who} is {c.contributors_qoq_pct}, to {c.contributors} people; over the same "
        "repositories it is down {c.basket_contributors_qoq_pct:bare}.",
    ),
    "differs.carried": (
        "{who} counted {c.contributors} people against {c.contributors_previous} ({c.contributors_qoq_pct}). Over the "
        "repositories that were already there the figure is {c.basket_contributors_qoq_pct}: "
        "{c.basket_contributors_previous} people then, {c.basket_contributors} now.",
        "Raw, {who} stands at {c.contributors} people ({c.contributors_qoq_pct}); over the same repositories the "
        "change is {c.basket_contributors_qoq_pct}.",
    ),
    "carried": (
        "{who} counted {c.contributors} people against {c.contributors_previous} and {c.commits} commits "
        "({c.commits_qoq_pct}).",
        "{c.contributors} people committed to {who}, {c.contributors_previous} the quarter before.",
    ),
    "up.up": (
        "People in {who} are up {c.contributors_qoq_pct:bare}, to {c.contributors}, and their commits are up with "
        "them, by {c.commits_qoq_pct:bare} to {c.commits}.",
        "{who} is up on both counts: {c.contributors} people ({c.contributors_qoq_pct}) and {c.commits} commits "
        "({c.commits_qoq_pct}).",
        "{c.contributors} people worked on {who}, up from {c.contributors_previous}; commits, at {c.commits}, are up "
        "{c.commits_qoq_pct:bare}.",
    ),
    "up.level": (
        "{who} has {c.contributors} people where it had {c.contributors_previous}, up "
        "{c.contributors_qoq_pct:bare}, for a number of commits that is level at {c.commits} ({c.commits_qoq_pct}).",
        "More people, as much work: {who} is up {c.contributors_qoq_pct:bare} to {c.contributors} people, with "
        "commits level ({c.commits_qoq_pct}).",
        "The crowd around {who} is up {c.contributors_qoq_pct:bare}, to {c.contributors}, while its {c.commits} "
        "commits are level ({c.commits_qoq_pct}).",
    ),
    "up.down": (
        "{c.contributors} people worked on {who}, up {c.contributors_qoq_pct:bare} from {c.contributors_previous}, and "
        "between them they made fewer commits: {c.commits}, down {c.commits_qoq_pct:bare}.",
        "{who} is up {c.contributors_qoq_pct:bare} in people, to {c.contributors}, and down "
        "{c.commits_qoq_pct:bare} in commits.",
    ),
    "level.up": (
        "About as many people as before ({c.contributors}, {c.contributors_qoq_pct}) made more commits in {who}: "
        "{c.commits}, up {c.commits_qoq_pct:bare}.",
        "{who} is level in people, at {c.contributors}, and up {c.commits_qoq_pct:bare} in commits.",
    ),
    "level.level": (
        "{who} is level: {c.contributors} people against {c.contributors_previous}, {c.commits} commits against "
        "{c.commits_previous}.",
        "In {who} neither count moved by more than a little: {c.contributors} people ({c.contributors_qoq_pct}), "
        "{c.commits} commits ({c.commits_qoq_pct}).",
        "{c.contributors} people, {c.commits} commits, both level: {who} looks much as it did a quarter ago.",
    ),
    "level.down": (
        "{who} is level in people ({c.contributors}, {c.contributors_qoq_pct}) and down {c.commits_qoq_pct:bare} in "
        "commits, to {c.commits}.",
        "As many people as before, fewer commits: {who} counts {c.contributors} ({c.contributors_qoq_pct}) and "
        "{c.commits} ({c.commits_qoq_pct}).",
    ),
    "down.up": (
        "Fewer people made more commits: {who} is down {c.contributors_qoq_pct:bare} to {c.contributors} people, "
        "and up {c.commits_qoq_pct:bare} to {c.commits} commits.",
        "{who} has fewer people, {c.contributors} ({c.contributors_qoq_pct}), and more commits, {c.commits} "
        "({c.commits_qoq_pct}).",
    ),
    "down.level": (
        "{who} is down {c.contributors_qoq_pct:bare} in people, to {c.contributors}, while commits are level "
        "({c.commits_qoq_pct}).",
        "Fewer people kept {who} at the same output: {c.contributors} against {c.contributors_previous}, commits "
        "level at {c.commits}.",
    ),
    "down.down": (
        "{who} is down on both counts, to {c.contributors} people ({c.contributors_qoq_pct}) and {c.commits} commits "
        "({c.commits_qoq_pct}).",
        "People in {who} are down {c.contributors_qoq_pct:bare}, to {c.contributors}, and commits by "
        "{c.commits_qoq_pct:bare}, to {c.commits}.",
    ),
}

BASKET_AGREES = (
    "Over the same repositories the change in people is {c.basket_contributors_qoq_pct}, so little of it is a "
    "matter of which repositories are counted.",
    "The same repositories alone give {c.basket_contributors_qoq_pct} in people.",
    "Counted over the same repositories, people stand at {c.basket_contributors_qoq_pct}.",
)

CARRIED = (
    "One person made {c.top_contributor_share} of the commits; without them the {c.commits_qoq_pct} in commits "
    "would read {c.commits_qoq_pct_without_top}.",
    "{c.top_contributor_share} of its commits are one person’s, and without that person the change in commits is "
    "{c.commits_qoq_pct_without_top} instead of {c.commits_qoq_pct}.",
    "Take the busiest person away, who made {c.top_contributor_share} of the commits, and the change in commits "
    "goes from {c.commits_qoq_pct} to {c.commits_qoq_pct_without_top}.",
)

CARRIED_PARTIAL = ("One person made {c.top_contributor_share} of the commits that could be read.",)

OBSERVATIONS = {
    "newcomers.high": (
        "Of its people {c.contributors_new} had never committed to the field before; {c.contributors_retained} were "
        "there the quarter before.",
        "{c.contributors_new} arrived for the first time, beside {c.contributors_retained} who stayed on.",
        "Newcomers make the crowd: {c.contributors_new} of {c.contributors}.",
    ),
    "newcomers.low": (
        "It runs on people it knows: {c.contributors_retained} stayed on, {c.contributors_new} are new, and "
        "{c.contributors_returning} came back after a pause.",
        "The faces are familiar: {c.contributors_retained} of {c.contributors} were there the quarter before.",
    ),
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
        "{c.contributors_churned} of the {c.contributors_previous} people of the quarter before were not seen again "
        "({c.churn_rate_pct}); among those who had been active in two weeks or more, the rate is "
        "{c.engaged_churn_rate_pct}{rank}.",
        "Even among people with two active weeks or more, {c.engaged_churn_rate_pct} were not seen again{rank}.",
    ),
    "churn.low": (
        "Those who had settled in mostly came back: of people with two active weeks or more a quarter ago, "
        "{c.engaged_churn_rate_pct} were not seen again{rank}.",
        "Of the engaged people of the quarter before, {c.engaged_churn_rate_pct} are missing{rank}; of all, "
        "{c.churn_rate_pct}.",
    ),
    "tenure.high": (
        "Half of the people have been at it for {c.median_tenure_years} years or more{rank}, and "
        "{c.tenure_2_years_or_more} of them for at least two.",
        "Median tenure is {c.median_tenure_years} years{rank}.",
    ),
    "tenure.low": (
        "It is a young field: {c.tenure_under_1_year} of {c.contributors} people have been in it for less than a year.",
        "Long experience is rare: {c.tenure_under_1_year} of its {c.contributors} people came within the last year.",
    ),
    "pace.high": (
        "{c.full_time_like} people kept a pace that looks like a job, ten days or more within four weeks.",
        "{c.full_time_like} of its people were active on ten days or more within four weeks, the pace of a job.",
    ),
    "pace.low": (
        "Only {c.full_time_like} people kept the pace of a job, ten days or more within four weeks.",
        "The pace of a job, ten days within four weeks, was kept by {c.full_time_like}.",
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
    "Behind it stand {projects}.",
    "The largest addresses are {projects}.",
    "Most visible are {projects}.",
    "The crowd is at {projects}.",
    "By head count it is mainly {projects}.",
)

PROJECT = (
    "{repository} with {p.contributors} people ({p.new_contributors} new to it)",
    "{repository} with {p.contributors} ({p.new_contributors})",
)

# The quiet corners: a clause that begins with the name, then one about what is particular, after a semicolon.
QUIET = {
    "first": ("{who} opens at {c.contributors} people and {c.commits} commits",),
    "partial": (
        "{who} can be read in part only, its source ends early: {c.basket_contributors_qoq_pct} in people over what "
        "is complete",
    ),
    "new": ("{who} counted {c.contributors} people and has no quarter to compare with",),
    "small": ("{who}, at {c.contributors} people, is too small a field to read a change from",),
    "young": (
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}, in repositories too young to compare",
    ),
    "differs.level": (
        "{who} shows {c.contributors_qoq_pct} in people, all but level ({c.basket_contributors_qoq_pct}) once the same "
        "repositories are compared",
        "{who} looks larger ({c.contributors_qoq_pct}) and is level over the same repositories "
        "({c.basket_contributors_qoq_pct})",
    ),
    "differs.up": (
        "{who} is up {c.basket_contributors_qoq_pct:bare} over the same repositories, less than the raw "
        "{c.contributors_qoq_pct} says",
    ),
    "differs.down": (
        "{who} is down {c.basket_contributors_qoq_pct:bare} over the same repositories, whatever the raw "
        "{c.contributors_qoq_pct} says",
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
    "up.up": (
        "{who} is up in people and commits alike, by {c.contributors_qoq_pct:bare} and {c.commits_qoq_pct:bare}",
        "{who} has more of both: {c.contributors} people, up {c.contributors_qoq_pct:bare}, and {c.commits} "
        "commits, up {c.commits_qoq_pct:bare}",
        "{who} counted {c.contributors} people, up {c.contributors_qoq_pct:bare}, with commits up "
        "{c.commits_qoq_pct:bare}",
    ),
    "up.level": (
        "{who} took in people without a change in output: up {c.contributors_qoq_pct:bare} to {c.contributors}, "
        "commits level",
        "{who} is up {c.contributors_qoq_pct:bare} in people and level in commits",
    ),
    "up.down": (
        "{who} has more people, {c.contributors} ({c.contributors_qoq_pct}), on fewer commits ({c.commits_qoq_pct})",
    ),
    "level.up": (
        "{who} is level in people ({c.contributors_qoq_pct}, {c.contributors} in all) and up "
        "{c.commits_qoq_pct:bare} in commits",
        "{who} got more commits ({c.commits_qoq_pct}) out of about as many people, {c.contributors}",
    ),
    "level.level": (
        "{who} stood level at {c.contributors} people",
        "{who} looks much as it did a quarter ago, with {c.contributors} people and {c.commits} commits",
        "{who} gave no news in its counts ({c.contributors_qoq_pct} in people, {c.commits_qoq_pct} in commits)",
    ),
    "level.down": (
        "{who} is level in people, at {c.contributors}, and down {c.commits_qoq_pct:bare} in commits",
        "{who} has about as many people, {c.contributors}, and fewer commits ({c.commits_qoq_pct})",
    ),
    "down.up": ("{who} made more commits ({c.commits_qoq_pct}) with fewer people ({c.contributors_qoq_pct})",),
    "down.level": ("{who} is down {c.contributors_qoq_pct:bare} in people at level commits",),
    "down.down": (
        "{who} is down on both counts, {c.contributors_qoq_pct} in people and {c.commits_qoq_pct} in commits",
    ),
}

CLAUSES = {
    "newcomers.high": ("{c.contributors_new} of its {c.contributors} people are new to the field",),
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
    "pace.high": ("{c.full_time_like} people kept the pace of a job",),
    "pace.low": ("{c.full_time_like} people kept the pace of a job",),
    "spread.high": ("the work is spread, half of it over {c.absence_factor} people{rank}",),
    "spread.low": ("half of the commits are the work of {c.absence_factor} people{rank}",),
}

HIRING = {
    "shallow": (
        "For hiring this is a wide pool and a shallow one: ask what a candidate did after the first week.",
        "Read a single commit here as interest, not yet as experience.",
        "Names are easy to find here, track records are not; look for the second month before the conversation.",
        "A search that stops at the contributor list will return mostly visitors.",
        "The useful question to a candidate is what came after the first change was merged.",
    ),
    "deep": (
        "Whoever approaches these people should know the code: they do, and they have stayed with it.",
        "A recruiter meets people with a record here; the record, week by week, is the place to start.",
        "The pool is smaller than its neighbours and better documented: activity over many weeks says what a "
        "profile does not.",
    ),
    "few": (
        "Count the people who carry the work, not the people who appear in it.",
        "A search here is a search for a handful of people, however long the list is.",
        "The length of the list misleads; the commits name a much shorter one.",
    ),
    "bridge": (
        "Search it together with {other}: {p.shared} people committed to both this quarter.",
        "{p.shared} of the people also committed to {other}; one search covers both.",
    ),
    "steady": (
        "For hiring, nothing here calls for haste: the people of last quarter are largely the people of this one.",
        "The list that was drawn up a quarter ago still serves.",
    ),
    "mixed": (
        "Sort the list by active weeks before reading it by name: the pool holds both kinds, the settled and the "
        "passing.",
        "Of two profiles here, prefer the one with weeks over the one with commits.",
        "Filter by active weeks first; what remains is the pool.",
    ),
}
