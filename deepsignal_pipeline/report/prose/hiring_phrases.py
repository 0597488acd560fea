"""Ways to say what the counts mean for a search, and what to ask a candidate.

Data, not code: patterns of `compose.say`; an edition takes one of each, the next edition the next. The bound entities are
`c` (a category) and `p` (a pair). "Scarcest" is picked only where all that are compared bear it out, "most" where all
twelve do.
"""

from __future__ import annotations

_BUILT = "three commits’ worth or more of core code over at least two weeks"

SCARCEST = (
    "The scarcest profile is who builds the core in {who}: {c.core_builders} of its {c.contributors} people made "
    f"{_BUILT}. That is {{c.core_builder_share}} of those whose files are known, the smallest part among the categories of "
    "thirty people or more.",
    "Nowhere does a smaller part of the people build the core than in {who}: {c.core_builders} of {c.contributors}, "
    f"or {{c.core_builder_share}} of those whose files are known, made {_BUILT}. Categories of under thirty people are not "
    "compared.",
    "Of the categories with thirty people or more, {who} has the smallest part of core builders: "
    f"{{c.core_builders}} of {{c.contributors}} people ({{c.core_builder_share}} of those whose files are known) made {_BUILT}.",
)

SCARCE = (
    f"A scarce profile is who builds the core in {{who}}: {{c.core_builders}} of its {{c.contributors}} people made {_BUILT}, "
    "{c.core_builder_share} of those whose files are known.",
    f"In {{who}} {{c.core_builders}} of {{c.contributors}} people, {{c.core_builder_share}} of those whose files are known, "
    f"made {_BUILT}.",
)

ASK_SCARCE = (
    "A search that insists on this record in public will be short. Say which part of it the role needs, and accept the "
    "same work done in a neighbouring field or in private code.",
    "Where so few build the core a public record should help a candidate and never be required of one; ask for the problem "
    "they solved, wherever the code is kept.",
    "Write such a role around a problem rather than around a project, and ask candidates from next door how they would "
    "approach it.",
)

SETTLED = (
    "{who} is scarce in another way, for its people stay with it: median tenure is {c.median_tenure_years} years, "
    "and of those active in two weeks or more a quarter ago {c.engaged_churn_rate_pct} were not seen again.",
    "In {who} the question is less how many there are than how settled they are. Median tenure is "
    "{c.median_tenure_years} years; {c.engaged_churn_rate_pct} of the people with two active weeks or more in the "
    "quarter before were not seen again.",
    "Comparatively long records are found in {who}, with a median tenure of {c.median_tenure_years} years and "
    "{c.engaged_churn_rate_pct} of the engaged people of last quarter not seen in this one.",
)

ASK_SETTLED = (
    "Read the code before speaking of it, and lead with the work. In the interview, ask for a decision that they had to "
    "live with for a year.",
    "Allow such a search time. Ask what they maintain, what they would hand over, and which old decision they would now "
    "take back.",
    "The problem says more there than the title; ask what was kept alive, not only what was begun.",
)

MOST_NEW = (
    "Most new names are in {who}: {c.contributors_new} of its {c.contributors} people had never committed to it before, "
    "and {c.one_week_share} of all were active in a single week.",
    "The widest door is {who}, where {c.contributors_new} of {c.contributors} people are new this quarter; "
    "{c.one_week_share} of them all were seen in one week only.",
    "Nowhere did more people commit for the first time than in {who}, {c.contributors_new} of {c.contributors}. A single "
    "active week is all that {c.one_week_share} of its people show.",
)

MANY_NEW = (
    "New names are many in {who}: {c.contributors_new} of its {c.contributors} people had never committed to it before, "
    "and {c.one_week_share} of all were active in a single week.",
    "A wide door is {who}, where {c.contributors_new} of {c.contributors} people are new this quarter; "
    "{c.one_week_share} of them all were seen in one week only.",
)

NEXT_NEW = (
    "{who} counts {c.contributors_new} new people, and a one-week share of {c.one_week_share}.",
    "The other wide pool is {who}: {c.contributors_new} new, {c.one_week_share} of all its people with one active week.",
    "In {who} {c.contributors_new} people are new, and there the one-week share is {c.one_week_share}.",
)

ASK_PASSING = (
    "Such pools are large and hard to read: one commit shows interest, not depth. Ask what came after the first "
    "merged change, what the review found, and what they left undone.",
    "Numbers are not the difficulty here; telling a visitor from a beginner with staying power is. Look for the second "
    "month, then ask a candidate to explain a change that went wrong.",
    "Active weeks tell more here than commits. In the interview, let the candidate walk through one change from the issue "
    "to the release: those who were passing by will not have seen the end of it.",
)

ASK_NEW = (
    "New to a category is not new to the trade. Ask where a candidate worked before, what brought the first change about, "
    "and what they did once it was merged.",
    "A second and a third active week tell more than the first; ask what had to be learned to make the first change, and "
    "who taught it.",
)

BRIDGES = (
    "For a role across two fields, count the people with two active weeks or three commits on each side. There are "
    "{bridges}.",
    "People with some work in two fields (two active weeks or three commits in each) can be counted too: {bridges}.",
    "Two fields in one person make a short list. With two active weeks or three commits in each, there are {bridges}.",
)

BRIDGE = (
    "{p.shared_qualified} people in {a} and {b} (of {p.shared} who committed to both)",
    "{p.shared_qualified} in {a} and {b} (of {p.shared})",
    "{p.shared_qualified} in {a} and {b} (of {p.shared})",
)

NO_BRIDGE = (
    "No two categories share five people with two active weeks or three commits on each side. Whoever needs both in one "
    "person should decide which of the two can be learned on the job.",
    "A role across two fields has no pool of its own in public code this quarter: no pair that can be read whole shares "
    "five people with some work on each side. Name the main field and teach the other.",
)

ASK_BRIDGE = (
    "A search that covers both lists finds them once. Ask which side they would maintain alone, and for a change on one side "
    "that had to wait for the other.",
    "Decide first which side the role rests on, for pools of this size leave no room to ask for everything. A good question "
    "is what each side misunderstands about the other.",
    "Name the side that the work rests on, and ask for a problem that could be seen from one side only.",
)

CAUTION = (
    "All of these are counts of public commits. Private work, reviews and design leave no trace in them, the same person may "
    "stand in several, and nobody in them has said that they are looking for a job.",
    "These counts are of public commits and nothing else: a person may appear in several of them, people of the same "
    "skill may appear in none, and no commit says whether its author would move.",
    "Treat every figure above as people seen in public commits, neither a market nor a list of candidates: private work is "
    "not in it, and one person may be counted in more than one place.",
)
