"""Ways to begin a category’s text: its finding, what changed, how sure that is, whether the same basket agrees.

Data, not code: patterns of `compose.say`, several for an occasion, used in turn. The bound entity is always `c`. No trend
word stands in a pattern: `{people}`, `{work}` and `{basket}` are the verbs that the word table allows ("is up", "grew"), of
the number of people, of the commits (`{work_one}` after a singular) and of the people over the same repositories.
"""

from __future__ import annotations

DECKS = {
    "few": ("Fewer than five people",),
    "first": ("A first count",),
    "partial": ("A source that ends too early",),
    "new": ("A category without a past quarter",),
    "small": ("Too few to compare",),
    "young": ("Too young to compare", "New repositories, no common ground yet"),
    "differs.level": ("Bigger on paper, the same underneath", "What is new is the repositories"),
    "differs.up": ("More, but by less than it looks", "Part new repositories, part real"),
    "differs.down": ("Fewer over the same repositories", "New repositories hide a smaller count"),
    "differs.other": ("Two counts that disagree", "It depends on what is compared"),
    "differs.carried": ("New repositories, and one person’s commits", "One person, and new repositories"),
    "carried": ("One person carries the commits", "Read it without its busiest hand"),
    "open": ("Two counts, and no word for them",),
    "up.up": ("More people, more commits", "The work keeps pace with the people"),
    "up.level": ("More hands, the same output", "More people at the same output"),
    "up.down": ("More people, fewer commits", "A wider crowd, fewer commits"),
    "up.open": (
        "More people, and a change in commits that few make",
        "More people; few of them made the change in commits",
    ),
    "level.up": ("As many people, more commits", "More output from the same crowd"),
    "level.level": ("Much as a quarter ago", "Steady on both counts"),
    "level.down": ("As many people, fewer commits",),
    "level.open": (
        "As many people, and a change in commits that few make",
        "As many people; few of them made the change in commits",
    ),
    "down.up": ("Fewer people, more commits",),
    "down.level": ("Fewer people, the same output",),
    "down.down": ("Fewer people, fewer commits",),
    "down.open": ("Fewer people, and a change in commits that few make",),
}

LEADS = {
    "few": ("{who} has fewer than five people this quarter; nothing more is said of it.",),
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
        "{who}, at {c.contributors} people, is too small to read a change from.",
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
        "repositories that were already there their number {basket}: {c.basket_contributors_previous} people then, "
        "{c.basket_contributors} now.",
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}; over the same repositories as before "
        "their number {basket} ({c.basket_contributors_qoq_pct}).",
    ),
    "differs.up": (
        "{who} shows {c.contributors_qoq_pct} in people, to {c.contributors}. Over the repositories that were "
        "already there their number {basket} by {c.basket_contributors_qoq_pct:bare}, from "
        "{c.basket_contributors_previous} to {c.basket_contributors}.",
        "{who} counted {c.contributors} people, {c.contributors_qoq_pct} raw. Over the same repositories their number "
        "{basket} by {c.basket_contributors_qoq_pct:bare}; the larger figure owes its size to repositories that only "
        "just began.",
    ),
    "differs.down": (
        "{who} counted {c.contributors} people, {c.contributors_qoq_pct} raw. The repositories that were already "
        "there tell it the other way: their number of people {basket} by {c.basket_contributors_qoq_pct:bare}, from "
        "{c.basket_contributors_previous} to {c.basket_contributors}.",
        "The raw change of {who} is {c.contributors_qoq_pct}, to {c.contributors} people; over the same "
        "repositories their number {basket} by {c.basket_contributors_qoq_pct:bare}.",
    ),
    "differs.other": (
        "{who} reads differently by what is compared. People stand at {c.contributors_qoq_pct} raw and "
        "{c.basket_contributors_qoq_pct} over the same repositories, commits at {c.commits_qoq_pct} and "
        "{c.basket_commits_qoq_pct}.",
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
    "open": (
        "{who} counted {c.contributors} people against {c.contributors_previous} ({c.contributors_qoq_pct}), and "
        "{c.commits} commits ({c.commits_qoq_pct}).",
    ),
    "up.up": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}, and their "
        "commits {work} with it, by {c.commits_qoq_pct:bare} to {c.commits}.",
        "{who} counted {c.contributors} people ({c.contributors_qoq_pct}) and {c.commits} commits "
        "({c.commits_qoq_pct}): the first number {people}, and so, in its own measure, the second {work_one}.",
        "{c.contributors} people worked on {who}, where there had been {c.contributors_previous}: their number "
        "{people} by {c.contributors_qoq_pct:bare}. The commits {work} by {c.commits_qoq_pct:bare}, to {c.commits}.",
    ),
    "up.level": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, from {c.contributors_previous} to "
        "{c.contributors}, over commits that {work} at {c.commits} ({c.commits_qoq_pct}).",
        "More people, as much work: the number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to "
        "{c.contributors}, while the commits {work} ({c.commits_qoq_pct}).",
        "The crowd around {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}; its {c.commits} "
        "commits {work} ({c.commits_qoq_pct}).",
    ),
    "up.down": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, from {c.contributors_previous} to "
        "{c.contributors}, and between them they made fewer commits: {c.commits}, a count that {work_one} by "
        "{c.commits_qoq_pct:bare}.",
        "In {who} the number of people {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}, and the commits "
        "{work} by {c.commits_qoq_pct:bare}.",
    ),
    "up.open": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}. Its commits "
        "stand at {c.commits} ({c.commits_qoq_pct}), a change that rests on too few people to be read.",
        "{c.contributors} people worked on {who}, where there had been {c.contributors_previous}: their number "
        "{people} by {c.contributors_qoq_pct:bare}. The commits are {c.commits} ({c.commits_qoq_pct}); so few "
        "people make that change that it says little.",
    ),
    "level.up": (
        "About as many people as before ({c.contributors}, {c.contributors_qoq_pct}) made more commits in {who}: "
        "{c.commits}, a count that {work_one} by {c.commits_qoq_pct:bare}.",
        "In {who} the number of people {people}, at {c.contributors}; the commits {work} by {c.commits_qoq_pct:bare}.",
    ),
    "level.level": (
        "In {who} the number of people {people} ({c.contributors} against {c.contributors_previous}), and the commits "
        "{work} ({c.commits} against {c.commits_previous}).",
        "In {who} neither count moved by more than a little: {c.contributors} people ({c.contributors_qoq_pct}), "
        "{c.commits} commits ({c.commits_qoq_pct}).",
        "{who} looks much as it did a quarter ago: {c.contributors} people, a number that {people}, and {c.commits} "
        "commits, which {work}.",
    ),
    "level.down": (
        "In {who} the number of people {people} ({c.contributors}, {c.contributors_qoq_pct}), and the commits {work} "
        "by {c.commits_qoq_pct:bare}, to {c.commits}.",
        "As many people as before, fewer commits: {who} counts {c.contributors} ({c.contributors_qoq_pct}) and "
        "{c.commits}, and the second count {work_one} by {c.commits_qoq_pct:bare}.",
    ),
    "level.open": (
        "In {who} the number of people {people}, at {c.contributors} ({c.contributors_qoq_pct}); the change in its "
        "{c.commits} commits ({c.commits_qoq_pct}) is the doing of too few to be read.",
        "{who} counted {c.contributors} people against {c.contributors_previous}, a number that {people}. The "
        "{c.commits_qoq_pct} in commits is the doing of few of them, and says little.",
    ),
    "down.up": (
        "Fewer people made more commits: in {who} the number of people {people} by {c.contributors_qoq_pct:bare}, to "
        "{c.contributors}, and the commits {work} by {c.commits_qoq_pct:bare}, to {c.commits}.",
        "{who} has fewer people, {c.contributors}, and more commits, {c.commits}: the first count {people} by "
        "{c.contributors_qoq_pct:bare}, the second {work_one} by {c.commits_qoq_pct:bare}.",
    ),
    "down.level": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}, while commits "
        "{work} ({c.commits_qoq_pct}).",
        "Fewer people kept {who} at the same output: their number {people} by {c.contributors_qoq_pct:bare}, to "
        "{c.contributors}, over commits that {work} at {c.commits}.",
    ),
    "down.down": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}, and the commits "
        "{work} by {c.commits_qoq_pct:bare}, to {c.commits}.",
        "{who} counts {c.contributors} people, a number that {people} by {c.contributors_qoq_pct:bare}, and "
        "{c.commits} commits, which {work} by {c.commits_qoq_pct:bare}.",
    ),
    "down.open": (
        "The number of people in {who} {people} by {c.contributors_qoq_pct:bare}, to {c.contributors}. Its commits "
        "stand at {c.commits} ({c.commits_qoq_pct}), a change that rests on too few people to be read.",
        "{c.contributors} people worked on {who}, where there had been {c.contributors_previous}: their number "
        "{people} by {c.contributors_qoq_pct:bare}. The change in commits is the doing of few of them, and says little.",
    ),
}

HIDDEN = (
    "{who} counted {c.contributors} people against {c.contributors_previous} ({c.contributors_qoq_pct}). What they did is not "
    "printed in full: it would tell of few of them.",
    "{who} counted {c.contributors} people. What changed is not printed: it would tell of few of them.",
    "How many people {who} counts is not printed: it would tell of few of them.",
)
"""What is said where no way to tell a story has all of its numbers: the first one that has."""

CERTAINTY = {
    "sure": (
        "With an interval of {interval}, the {change} is more than the chance of who happens to come.",
        "The interval of the {change} is {interval} and leaves zero out.",
    ),
    "unsure": (
        "The interval of the {change} is {interval} and holds zero: it may be the chance of who happened to come.",
        "By its interval, {interval}, the {change} could as well be none.",
    ),
    "unborne": (
        "The interval of the {change} is {interval} and leaves zero out, that over the same repositories "
        "({c.basket_contributors_qoq_pct:interval}) does not: who came to new repositories makes the difference.",
        "New repositories make the difference: by its interval ({interval}) the {change} is no chance, that over the "
        "same repositories ({c.basket_contributors_qoq_pct:interval}) may be.",
    ),
}

CHANGES = {
    "raw": "raw change in people",
    "basket": "change in people over the same repositories",
    "alike": "change in people, raw and same basket alike,",
}
"""Which change an interval is of."""

UNBORNE_DECKS = ("One word raw, another over the same repositories", "It depends on which repositories are counted")
"""Where the same repositories have another word than the one that is said of the raw change."""

BASKET_NEAR = (
    "Over the same repositories the change in people is {c.basket_contributors_qoq_pct}{interval}, so little of it is a "
    "matter of which repositories are counted.",
    "Counted over the same repositories, people stand at {c.basket_contributors_qoq_pct}{interval}, which is close.",
)

BASKET_FAR = (
    "The same repositories alone give {c.basket_contributors_qoq_pct} in people{interval}.",
    "Part of that is new ground: over the same repositories, people stand at {c.basket_contributors_qoq_pct}{interval}.",
)

BASKET_INTERVAL = " (interval {c.basket_contributors_qoq_pct:interval})"

BASKET_COMMITS = "Over the same repositories the commits stand at {c.basket_commits_qoq_pct}."
BASKET_COMMITS_TOO = "The commits stand at {c.basket_commits_qoq_pct} there."

CARRIED = (
    "One person made {c.top_contributor_share} of the commits; without them the raw {c.commits_qoq_pct} in commits "
    "would read {c.commits_qoq_pct_without_top}.",
    "{c.top_contributor_share} of its commits are one person’s, and without that person the raw change in commits is "
    "{c.commits_qoq_pct_without_top} instead of {c.commits_qoq_pct}.",
    "Take the busiest person away, who made {c.top_contributor_share} of the commits, and the raw change in commits "
    "goes from {c.commits_qoq_pct} to {c.commits_qoq_pct_without_top}.",
)

CARRIED_PARTIAL = (
    "One person made {c.top_contributor_share} of the commits that could be read.",
    "More than a quarter of the commits are one person’s.",
)
"""Without a change of commits; the second one where the share is kept back."""
