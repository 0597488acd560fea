"""Ways to begin a category’s text: its finding, what changed, whether the same basket agrees, who carries it.

Data, not code: patterns of `compose.say`, several for an occasion, used in turn. The bound entity is always `c`. Words
for a change are those of `words`: level, up, down, nothing stronger.
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
    "differs.down": ("Down over the same repositories", "New repositories hide a smaller count"),
    "differs.other": ("Two counts that disagree", "It depends on what is compared"),
    "differs.carried": ("New repositories, and one person’s commits", "One person, and new repositories"),
    "carried": ("One person carries the count", "Read it without its busiest hand"),
    "up.up": ("More people, more commits", "Up on both counts", "The work keeps pace with the people"),
    "up.level": ("More hands, the same output", "More people at the same output"),
    "up.down": ("More people, fewer commits", "A wider crowd, fewer commits"),
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
        "{c.contributors} people worked on {who}, up {c.contributors_qoq_pct:bare} from {c.contributors_previous}, "
        "and between them they made fewer commits: {c.commits}, down {c.commits_qoq_pct:bare}.",
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

BASKET_NEAR = (
    "Over the same repositories the change in people is {c.basket_contributors_qoq_pct}, so little of it is a "
    "matter of which repositories are counted.",
    "Counted over the same repositories, people stand at {c.basket_contributors_qoq_pct}, which is close.",
)

BASKET_FAR = (
    "The same repositories alone give {c.basket_contributors_qoq_pct} in people.",
    "Part of that is new ground: over the same repositories, people stand at {c.basket_contributors_qoq_pct}.",
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
