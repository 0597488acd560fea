"""Levels of a category: who is counted, and how much they did."""

from __future__ import annotations

from worked.example import OfCommits, did, facts, gives

EXAMPLES = (
    OfCommits(
        title="A placeholder's commits count without a person, a bot's do not count, and an agent is named beside",
        commits=(
            did("a/one", "root", "2 x 2023-Q1+1"),
            did("a/one", "renovate[bot]", "2023-Q1+1"),
            did("a/one", "ray", "2023-Q1+1"),
            did("a/one", "ray", "2023-Q1+2", coauthors=["Devin AI", "bea"]),
            did("b/one", "sam", "2023-Q1+1", coauthors=["Copilot"]),
            did("b/one", "root", "2023-Q1+1"),
        ),
        gives=(
            # Of five commits four count: two of nobody, two of ray, one of these with an agent. bea is only a co-author
            gives(
                "category_metrics", "a",
                commits_read=5, not_counted_bot=1, commits=4, unresolved_commits=2, unresolved_share=2 / 4,
                agent_assisted_commits=1, agent_assisted_share=1 / 4, contributors=1, contributors_with_coauthors=2,
            ),
            gives("category_metrics", "b", commits=2, unresolved_commits=1, agent_assisted_commits=1),
            # The catalogue: 4 + 2 commits, 2 + 1 of nobody, 1 + 1 with an agent
            *facts("catalogue", commits=6, unresolved_commits=3, agent_assisted_commits=2, agent_assisted_share=2 / 6),
        ),
    ),
    OfCommits(
        title="With automation, and with merges, there are more commits, and people who only merge",
        commits=(
            did("a/one", "ada", "2022-Q4+1"),
            did("a/one", "renovate[bot]", "2022-Q4+1"),
            did("a/one", "bob", "2022-Q4+2", parents=2),
            did("a/one", "ada", "2 x 2023-Q1+1"),
            did("a/one", "renovate[bot]", "2023-Q1+1"),
            did("a/one", "ada", "2023-Q1+2", parents=2),
            did("a/one", "bob", "2023-Q1+2", parents=2),
            did("a/one", "cy", "2023-Q1+2", parents=2),
        ),
        gives=(
            # 2 of ada's count; with the bot's 3; with three merges 5, by ada, bob and cy
            gives(
                "category_metrics", "a",
                commits=2, commits_with_bots=3, commits_with_merges=5, contributors=1, contributors_with_merges=3,
            ),
            # Before: 1; with the bot's 2; with bob's merge 2, of two people: 3 / 2, 5 / 2 and 3 / 2. The source has read all
            # nine, and nothing of eleven quiet repositories
            *facts(
                "catalogue",
                commits_with_bots=3, commits_qoq_pct_with_bots=50, commits_with_merges=5, commits_qoq_pct_with_merges=150,
                contributors_with_merges=3, contributors_qoq_pct_with_merges=50,
                repositories_recounted=12, history_commits=9, history_commits_recounted=9,
            ),
        ),
    ),
    OfCommits(
        title="Who is who, read strictly and loosely",
        commits=(
            did("a/one", "Ada Fairweather", "2022-Q4+1"),
            # An address joins two of ada's; her full name, in this repository, a third that no address joins
            did("a/one", "Ada Fairweather", "2023-02-01"),
            did("a/one", "adaf", "2023-02-01", email="ada.fairweather@example.org"),
            did("a/one", "Ada Fairweather", "2023-02-01", email="af@alpha.example"),
            # A common name at two addresses in two repositories: one person only to the loose reading
            did("a/one", "John Smith", "2023-02-01", email="js@alpha.example"),
            did("a/two", "John Smith", "2023-02-01", email="smith@beta.example"),
            did("a/one", "root", "2023-02-01"),
        ),
        gives=(
            # Strict: ada, ada at alpha, two Smiths. As counted: ada, two Smiths. Loose: ada, Smith
            gives("category_metrics", "a", contributors_strict=4, contributors=3, contributors_loose=2),
            # The quarter before had ada alone: 4 / 1, 3 / 1 and 2 / 1
            *facts(
                "catalogue",
                contributors_strict=4, contributors=3, contributors_loose=2, contributors_qoq_pct_strict=300,
                contributors_qoq_pct=200, contributors_qoq_pct_loose=100,
            ),
        ),
    ),
    OfCommits(
        title="Active weeks and days are counted once, and the last week ends with the quarter",
        commits=(
            did("a/one", "ada", "3 x 2023-Q1+0"),
            # Days 84 and 89 are both of week 12, the last
            did("a/one", "bea", "2023-Q1+84", "2023-Q1+89"),
            # Weeks 0, 1, 2 and 11
            did("a/one", "cy", "2023-Q1+6", "2023-Q1+7", "2023-Q1+14", "2023-Q1+83"),
        ),
        gives=(
            # Weeks 1, 1 and 4: mean 2, median 1, two of three people in one week. Days 1, 2 and 4
            gives(
                "category_metrics", "a",
                contributors=3, mean_active_weeks=2, median_active_weeks=1, one_week_share=2 / 3, mean_active_days=7 / 3,
            ),
            gives("contributor_activity", "a/one", "bea", commits=2, active_weeks=1, active_days=2),
            gives("contributor_profiles", "a", "cy", commits=4, active_weeks=4, active_days=4),
        ),
    ),
    OfCommits(
        title="Ten active days within 28 are as of a full-time job",
        commits=(did("a/one", "dan", *(f"2023-Q1+{day}" for day in (0, 1, 2, 3, 4, 5, 6, 7, 8, 27))),),
        gives=(
            gives("category_metrics", "a", full_time_like=1, mean_active_days=10),
            gives("category_depth", "a", full_time_like_share=1 / 1),
        ),
    ),
    OfCommits(
        title="The tenth day comes a day too late for a full-time job",
        commits=(did("a/one", "eve", *(f"2023-Q1+{day}" for day in (0, 1, 2, 3, 4, 5, 6, 7, 8, 28))),),
        gives=(
            gives("category_metrics", "a", full_time_like=0, mean_active_days=10),
            gives("category_depth", "a", full_time_like_share=0),
        ),
    ),
    OfCommits(
        title="Half of the commits are one person's",
        commits=(
            did("a/one", "hal", "2023-Q1+1"),
            did("a/one", "ida", "2 x 2022-Q4+1", "2023-Q1+1"),
            did("a/one", "jo", "2 x 2023-Q1+1"),
            did("a/one", "kit", "4 x 2023-Q1+1"),
        ),
        gives=(
            # kit made 4 of 8, which is half. Gini of 1, 1, 2, 4: 2 (1 x 1 + 2 x 1 + 3 x 2 + 4 x 4) / (4 x 8) - 5 / 4 = 0.3125.
            # 8 against 2 is +300 %; without kit 4 against 2
            gives(
                "category_metrics", "a",
                commits=8, commits_previous=2, commits_qoq_pct=300, top_contributor_share=1 / 2,
                commits_share_without_top=1 / 2, commits_qoq_pct_without_top=100, absence_factor=1, commits_gini=0.3125,
            ),
            gives("category_changes", "a", "commits", value=8, previous=2, change=300, change_without_top=100),
        ),
    ),
    OfCommits(
        title="Tenure in the category, and anywhere in the catalogue, in three bands",
        commits=(
            # The quarter ends on 2023-04-01 at 0:00, and a year has 365 1/4 days
            did("a/one", "lea", "2022-03-31 18:00:01", "2023-Q1+1"),
            did("a/one", "mia", "2022-03-31 18:00:00", "2023-Q1+1"),
            did("a/one", "oli", "2021-03-31 12:00:00", "2023-Q1+1"),
            # mia began in another category, three years before the end
            did("b/one", "mia", "2020-03-31 06:00:00"),
        ),
        gives=(
            # A second under 1, 1 and 2 years: one in each band, the median is 1. Anywhere: a second under 1, 3 and 2
            gives(
                "category_metrics", "a",
                tenure_under_1_year=1, tenure_1_to_2_years=1, tenure_2_years_or_more=1,
                median_tenure_years=1, median_catalogue_tenure_years=2,
            ),
            gives("contributor_profiles", "a", "oli", tenure_years=2, tenure_band="2_years_or_more"),
        ),
    ),
)  # fmt: skip
