-- The measures of each category.
--
-- Grain: category, all twelve in every quarter. A(q) is the set of people with a counted commit in the category in
-- quarter q. Changes compare q with the quarter before; they are null in the catalogue's first quarter. Ratios are
-- quotients of integers, so equal inputs give equal bytes whatever the number of threads.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

-- What is tracked in the quarter, read by the source, and complete through the quarter's end
sources AS (
  SELECT
    t.category,
    t.repository,
    s.repository IS NOT NULL AS is_asked_for,
    s.complete_until IS NOT NULL AS is_read,
    coalesce(s.complete_until >= $quarter_end, false) AS is_complete,
    coalesce(s.complete_until >= $quarter_end, false)
      AND s.first_committed_at < $previous_start
      AND (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < $previous_start)
      AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) >= $quarter_end) AS is_in_basket
  FROM tracked_repositories AS t
  LEFT JOIN repository_snapshots AS s ON s.repository = t.repository
  WHERE (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < $quarter_end)
    AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) > $quarter_start)
),

coverage AS (
  SELECT
    category,
    count(*) AS repositories_tracked,
    count(*) FILTER (WHERE is_read) AS repositories_read,
    count(*) FILTER (WHERE is_complete) AS repositories_complete,
    count(*) FILTER (WHERE is_asked_for AND NOT is_complete) AS repositories_partial,
    count(*) FILTER (WHERE is_in_basket) AS basket_repositories
  FROM sources
  GROUP BY category
),

-- Everything that was read, by the reason against it; bots and agents are told by the identities. A commit without an
-- identity (read after the identities were made) stays here, so that the contract refuses the sum instead of losing it
reasons AS (
  SELECT
    c.category,
    count(*) AS commits_read,
    count(*) FILTER (WHERE not_counted_reason = 'merge') AS merge,
    count(*) FILTER (WHERE not_counted_reason = 'bad_date') AS bad_date,
    count(*) FILTER (WHERE not_counted_reason = 'duplicate') AS duplicate,
    count(*) FILTER (WHERE not_counted_reason = 'import') AS import,
    count(*) FILTER (WHERE not_counted_reason = 'before_tracking') AS before_tracking,
    count(*) FILTER (WHERE not_counted_reason = 'after_tracking') AS after_tracking,
    count(*) FILTER (WHERE not_counted_reason = 'partial_source') AS partial_source,
    count(*) FILTER (WHERE is_counted AND i.kind IN ('bot', 'agent')) AS bot
  FROM counted_commits AS c
  LEFT JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  GROUP BY c.category
),

-- Commits of people (and of placeholders) with an AI agent among the co-authors; commits that an agent authored are not
-- counted at all and stand under the reason bot
assisted AS (
  SELECT c.category, count(*) AS commits
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  JOIN (
    SELECT DISTINCT n.repository, n.sha
    FROM (SELECT repository, sha, unnest(coauthor_alias_ids) AS alias_id FROM counted_commits WHERE is_counted) AS n
    JOIN contributor_identities AS i ON i.alias_id = n.alias_id
    WHERE i.kind = 'agent'
  ) AS g ON g.repository = c.repository AND g.sha = c.sha
  WHERE i.kind IN ('human', 'placeholder')
  GROUP BY c.category
),

volumes AS (
  SELECT
    a.category,
    a.quarter,
    sum(a.commits) AS commits,
    sum(a.commits) FILTER (WHERE a.kind = 'placeholder') AS unresolved_commits,
    sum(a.commits) FILTER (WHERE s.is_in_basket) AS basket_commits,
    count(DISTINCT a.repository) AS repositories_active,
    count(DISTINCT a.contributor_id) FILTER (WHERE s.is_in_basket) AS basket_contributors
  FROM contributor_activity AS a
  LEFT JOIN sources AS s ON s.repository = a.repository
  GROUP BY a.category, a.quarter
),

-- One row a person, category and quarter; `people` is A(q), `before` is A of the quarter before
presences AS (
  SELECT
    quarter,
    category,
    contributor_id,
    CAST(sum(commits) AS BIGINT) AS commits,
    bit_count(bit_or(week_bits)) AS active_weeks,
    bit_or(day_bits_low) AS day_bits_low,
    bit_or(day_bits_high) AS day_bits_high
  FROM contributor_activity
  WHERE contributor_id IS NOT NULL
  GROUP BY quarter, category, contributor_id
),

people AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY category ORDER BY commits DESC, contributor_id) AS rank,
    row_number() OVER (PARTITION BY category ORDER BY commits, contributor_id) AS rank_from_below,
    sum(commits) OVER (PARTITION BY category ORDER BY commits DESC, contributor_id) AS commits_to_rank
  FROM presences
  WHERE quarter = $quarter
),

before AS (
  SELECT * FROM presences WHERE quarter < $quarter
),

with_coauthors AS (
  SELECT category, count(DISTINCT contributor_id) AS contributors
  FROM (
    SELECT category, contributor_id FROM people
    UNION ALL
    SELECT c.category, i.contributor_id
    FROM (SELECT category, unnest(coauthor_alias_ids) AS alias_id FROM counted_commits WHERE is_counted) AS c
    JOIN contributor_identities AS i ON i.alias_id = c.alias_id
    WHERE i.kind = 'human'
  )
  GROUP BY category
),

-- First commit of a counted kind, from the whole history: only first dates, never last ones, know no future
first_commits AS (
  SELECT t.category, i.contributor_id, min(a.first_owned_at) AS first_owned_at
  FROM contributor_aliases AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  JOIN tracked_repositories AS t ON t.repository = a.repository
  WHERE i.kind = 'human' AND a.first_owned_at IS NOT NULL
  GROUP BY t.category, i.contributor_id
),

first_anywhere AS (
  SELECT contributor_id, min(first_owned_at) AS first_owned_at
  FROM first_commits
  GROUP BY contributor_id
),

-- Ten active days or more within any 28 days of the quarter: works on it as if employed to
active_days AS (
  SELECT p.category, p.contributor_id, d.day
  FROM people AS p
  CROSS JOIN (SELECT unnest(generate_series(0, 91)) AS day) AS d
  WHERE CASE
    WHEN d.day < 46 THEN (p.day_bits_low >> d.day) & 1
    ELSE (p.day_bits_high >> greatest(d.day - 46, 0)) & 1
  END = 1
),

full_time AS (
  SELECT category, count(DISTINCT contributor_id) AS full_time_like
  FROM (
    SELECT
      category,
      contributor_id,
      count(*) OVER (
        PARTITION BY category, contributor_id ORDER BY day RANGE BETWEEN 27 PRECEDING AND CURRENT ROW
      ) AS days_in_window
    FROM active_days
  )
  WHERE days_in_window >= 10
  GROUP BY category
),

-- A year is 31,557,600 seconds: 365.25 days
engagement AS (
  SELECT
    p.category,
    count(*) AS contributors,
    sum(p.active_weeks) / count(*) AS mean_active_weeks,
    median(p.active_weeks) AS median_active_weeks,
    count(*) FILTER (WHERE p.active_weeks = 1) / count(*) AS one_week_share,
    sum(bit_count(p.day_bits_low) + bit_count(p.day_bits_high)) / count(*) AS mean_active_days,
    max(p.commits) AS top_commits,
    -- Gini over people: 2 sum(rank x commits) / (n sum(commits)) - (n + 1) / n
    (2 * sum(p.rank_from_below * p.commits) - (count(*) + 1) * sum(p.commits)) / (count(*) * sum(p.commits))
      AS commits_gini,
    count(b.contributor_id) AS retained,
    count(*) FILTER (WHERE f.first_owned_at >= $quarter_start) AS first_timers,
    count(*) FILTER (WHERE b.contributor_id IS NULL AND f.first_owned_at < $quarter_start) AS came_back,
    median(epoch($quarter_end) - epoch(f.first_owned_at)) / 31557600 AS median_tenure_years,
    median(epoch($quarter_end) - epoch(e.first_owned_at)) / 31557600 AS median_catalogue_tenure_years,
    count(*) FILTER (WHERE epoch($quarter_end) - epoch(f.first_owned_at) < 31557600) AS tenure_under_1,
    count(*) FILTER (WHERE epoch($quarter_end) - epoch(f.first_owned_at) >= 2 * 31557600) AS tenure_2_or_more
  FROM people AS p
  -- Everybody has a first commit; who had none would break the contract (retained, new and returning are all)
  LEFT JOIN first_commits AS f ON f.category = p.category AND f.contributor_id = p.contributor_id
  LEFT JOIN first_anywhere AS e ON e.contributor_id = p.contributor_id
  LEFT JOIN before AS b ON b.category = p.category AND b.contributor_id = p.contributor_id
  GROUP BY p.category
),

-- Where the people of the quarter before went: to a category that is new to them, to one they were in, or nowhere
arrivals AS (
  SELECT DISTINCT p.contributor_id
  FROM people AS p
  LEFT JOIN before AS b ON b.category = p.category AND b.contributor_id = p.contributor_id
  WHERE b.contributor_id IS NULL
),

present AS (
  SELECT DISTINCT contributor_id FROM people
),

departures AS (
  SELECT
    b.category,
    count(*) AS contributors_previous,
    count(*) FILTER (WHERE p.contributor_id IS NULL) AS churned,
    count(*) FILTER (WHERE p.contributor_id IS NULL AND a.contributor_id IS NOT NULL) AS moved,
    count(*) FILTER (WHERE p.contributor_id IS NULL AND a.contributor_id IS NULL AND s.contributor_id IS NOT NULL)
      AS narrowed,
    count(*) FILTER (WHERE s.contributor_id IS NULL) AS gone,
    count(*) FILTER (WHERE b.active_weeks >= 2) AS engaged_previous,
    count(*) FILTER (WHERE b.active_weeks >= 2 AND p.contributor_id IS NULL) AS engaged_churned
  FROM before AS b
  LEFT JOIN people AS p ON p.category = b.category AND p.contributor_id = b.contributor_id
  LEFT JOIN arrivals AS a ON a.contributor_id = b.contributor_id
  LEFT JOIN present AS s ON s.contributor_id = b.contributor_id
  GROUP BY b.category
),

-- The largest contributor, and what the same person made the quarter before
largest AS (
  SELECT p.category, p.commits, coalesce(b.commits, 0) AS commits_previous
  FROM people AS p
  LEFT JOIN before AS b ON b.category = p.category AND b.contributor_id = p.contributor_id
  WHERE p.rank = 1
),

absence AS (
  SELECT p.category, min(p.rank) AS absence_factor
  FROM people AS p
  JOIN volumes AS v ON v.category = p.category AND v.quarter = p.quarter
  WHERE 2 * p.commits_to_rank >= v.commits
  GROUP BY p.category
),

joined AS (
  SELECT
    c.category,
    c.category_order,
    coalesce(o.repositories_tracked, 0) AS repositories_tracked,
    coalesce(o.repositories_read, 0) AS repositories_read,
    coalesce(o.repositories_complete, 0) AS repositories_complete,
    coalesce(o.repositories_partial, 0) AS repositories_partial,
    coalesce(n.repositories_active, 0) AS repositories_active,
    coalesce(b.repositories_active, 0) AS repositories_active_previous,
    coalesce(r.commits_read, 0) AS commits_read,
    coalesce(r.merge, 0) AS not_counted_merge,
    coalesce(r.bad_date, 0) AS not_counted_bad_date,
    coalesce(r.duplicate, 0) AS not_counted_duplicate,
    coalesce(r.import, 0) AS not_counted_import,
    coalesce(r.before_tracking, 0) AS not_counted_before_tracking,
    coalesce(r.after_tracking, 0) AS not_counted_after_tracking,
    coalesce(r.partial_source, 0) AS not_counted_partial_source,
    coalesce(r.bot, 0) AS not_counted_bot,
    CAST(coalesce(n.commits, 0) AS BIGINT) AS commits,
    CAST(coalesce(b.commits, 0) AS BIGINT) AS commits_previous,
    CAST(coalesce(n.unresolved_commits, 0) AS BIGINT) AS unresolved_commits,
    coalesce(g.commits, 0) AS agent_assisted_commits,
    coalesce(o.basket_repositories, 0) AS basket_repositories,
    CAST(coalesce(n.basket_commits, 0) AS BIGINT) AS basket_commits,
    CAST(coalesce(b.basket_commits, 0) AS BIGINT) AS basket_commits_previous,
    coalesce(n.basket_contributors, 0) AS basket_contributors,
    coalesce(b.basket_contributors, 0) AS basket_contributors_previous,
    coalesce(e.contributors, 0) AS contributors,
    coalesce(d.contributors_previous, 0) AS contributors_previous,
    coalesce(w.contributors, 0) AS contributors_with_coauthors,
    e.mean_active_weeks,
    e.median_active_weeks,
    e.one_week_share,
    e.mean_active_days,
    e.top_commits,
    e.commits_gini,
    e.retained,
    e.first_timers,
    e.came_back,
    e.median_tenure_years,
    e.median_catalogue_tenure_years,
    e.tenure_under_1,
    e.tenure_2_or_more,
    d.churned,
    d.moved,
    d.narrowed,
    d.gone,
    d.engaged_previous,
    d.engaged_churned,
    coalesce(l.commits, 0) AS largest_commits,
    coalesce(l.commits_previous, 0) AS largest_commits_previous,
    a.absence_factor,
    coalesce(f.full_time_like, 0) AS full_time_like
  FROM categories AS c
  LEFT JOIN coverage AS o ON o.category = c.category
  LEFT JOIN reasons AS r ON r.category = c.category
  LEFT JOIN assisted AS g ON g.category = c.category
  LEFT JOIN volumes AS n ON n.category = c.category AND n.quarter = $quarter
  LEFT JOIN volumes AS b ON b.category = c.category AND b.quarter < $quarter
  LEFT JOIN engagement AS e ON e.category = c.category
  LEFT JOIN departures AS d ON d.category = c.category
  LEFT JOIN with_coauthors AS w ON w.category = c.category
  LEFT JOIN largest AS l ON l.category = c.category
  LEFT JOIN absence AS a ON a.category = c.category
  LEFT JOIN full_time AS f ON f.category = c.category
),

-- Changes in whole per cent: floor(x + 0.5) of 100 (now / before - 1), in integers until the one division
changed AS (
  SELECT
    *,
    floor((200 * (commits - commits_previous) + commits_previous) / nullif(2 * commits_previous, 0)) AS commits_qoq,
    floor(
      (200 * (contributors - contributors_previous) + contributors_previous) / nullif(2 * contributors_previous, 0)
    ) AS contributors_qoq,
    floor(
      (200 * (basket_commits - basket_commits_previous) + basket_commits_previous)
      / nullif(2 * basket_commits_previous, 0)
    ) AS basket_commits_qoq,
    floor(
      (200 * (basket_contributors - basket_contributors_previous) + basket_contributors_previous)
      / nullif(2 * basket_contributors_previous, 0)
    ) AS basket_contributors_qoq,
    floor(
      (
        200 * ((commits - largest_commits) - (commits_previous - largest_commits_previous))
        + (commits_previous - largest_commits_previous)
      ) / nullif(2 * (commits_previous - largest_commits_previous), 0)
    ) AS commits_qoq_without_top
  FROM joined
)

SELECT
  category,
  category_order,
  repositories_tracked,
  repositories_read,
  repositories_complete,
  repositories_active,
  commits_read,
  not_counted_merge,
  not_counted_bad_date,
  not_counted_duplicate,
  not_counted_import,
  not_counted_before_tracking,
  not_counted_after_tracking,
  not_counted_partial_source,
  not_counted_bot,
  commits,
  unresolved_commits,
  unresolved_commits / nullif(commits, 0) AS unresolved_share,
  agent_assisted_commits,
  agent_assisted_commits / nullif(commits, 0) AS agent_assisted_share,
  contributors,
  contributors_with_coauthors,
  CASE WHEN $has_previous THEN commits_previous END AS commits_previous,
  CASE WHEN $has_previous THEN contributors_previous END AS contributors_previous,
  CASE WHEN $has_previous THEN repositories_active_previous END AS repositories_active_previous,
  CASE WHEN $has_previous THEN commits_qoq END AS commits_qoq_pct,
  CASE WHEN $has_previous THEN contributors_qoq END AS contributors_qoq_pct,
  CASE WHEN $has_previous THEN contributors - contributors_previous END AS contributors_net_change,
  CASE WHEN $has_previous THEN basket_repositories END AS basket_repositories,
  CASE WHEN $has_previous THEN basket_commits END AS basket_commits,
  CASE WHEN $has_previous THEN basket_commits_previous END AS basket_commits_previous,
  CASE WHEN $has_previous THEN basket_contributors END AS basket_contributors,
  CASE WHEN $has_previous THEN basket_contributors_previous END AS basket_contributors_previous,
  CASE WHEN $has_previous THEN basket_commits_qoq END AS basket_commits_qoq_pct,
  CASE WHEN $has_previous THEN basket_contributors_qoq END AS basket_contributors_qoq_pct,
  top_commits / nullif(commits, 0) AS top_contributor_share,
  CASE WHEN $has_previous THEN commits_qoq_without_top END AS commits_qoq_pct_without_top,
  absence_factor,
  commits_gini,
  CASE WHEN $has_previous THEN coalesce(retained, 0) END AS contributors_retained,
  CASE WHEN $has_previous THEN coalesce(first_timers, 0) END AS contributors_new,
  CASE WHEN $has_previous THEN coalesce(came_back, 0) END AS contributors_returning,
  CASE WHEN $has_previous THEN coalesce(churned, 0) END AS contributors_churned,
  CASE WHEN $has_previous THEN coalesce(moved, 0) END AS churned_moved,
  CASE WHEN $has_previous THEN coalesce(narrowed, 0) END AS churned_narrowed,
  CASE WHEN $has_previous THEN coalesce(gone, 0) END AS churned_gone,
  100 * churned / nullif(contributors_previous, 0) AS churn_rate_pct,
  100 * (contributors_previous - churned) / nullif(contributors_previous, 0) AS retention_pct,
  CASE WHEN $has_previous THEN coalesce(engaged_previous, 0) END AS engaged_previous,
  CASE WHEN $has_previous THEN coalesce(engaged_churned, 0) END AS engaged_churned,
  100 * engaged_churned / nullif(engaged_previous, 0) AS engaged_churn_rate_pct,
  mean_active_weeks,
  median_active_weeks,
  one_week_share,
  mean_active_days,
  full_time_like,
  median_tenure_years,
  median_catalogue_tenure_years,
  coalesce(tenure_under_1, 0) AS tenure_under_1_year,
  contributors - coalesce(tenure_under_1, 0) - coalesce(tenure_2_or_more, 0) AS tenure_1_to_2_years,
  coalesce(tenure_2_or_more, 0) AS tenure_2_years_or_more,
  CASE WHEN NOT $has_previous THEN 'first_quarter' END AS change_null_reason,
  CASE WHEN repositories_partial > 0 THEN ['partial'] ELSE [] END
  || CASE WHEN 4 * top_commits > commits THEN ['dominated'] ELSE [] END
  || CASE WHEN NOT $has_previous THEN ['first_quarter'] ELSE [] END
  || CASE WHEN $has_previous AND commits_previous = 0 AND commits > 0 THEN ['new'] ELSE [] END
  || CASE
    WHEN $has_previous AND (commits_previous BETWEEN 1 AND 29 OR contributors_previous BETWEEN 1 AND 29)
      THEN ['small_base'] ELSE []
  END
  || CASE
    WHEN $has_previous AND (
      sign(commits_qoq) * sign(basket_commits_qoq) < 0
      OR abs(commits_qoq - basket_commits_qoq) > 20
      OR sign(contributors_qoq) * sign(basket_contributors_qoq) < 0
      OR abs(contributors_qoq - basket_contributors_qoq) > 20
    ) THEN ['basket_differs'] ELSE []
  END
  || CASE WHEN 100 * unresolved_commits > commits THEN ['unresolved'] ELSE [] END
  AS marks
FROM changed
