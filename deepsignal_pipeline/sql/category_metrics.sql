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
      AND t.repository IN (SELECT repository FROM first_repository_commits WHERE first_owned_at < $previous_start)
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

-- Everything that was read, by the reason against it
reasons AS (
  SELECT
    category,
    count(*) AS commits_read,
    count(*) FILTER (WHERE not_counted_reason = 'merge') AS merge,
    count(*) FILTER (WHERE not_counted_reason = 'bad_date') AS bad_date,
    count(*) FILTER (WHERE not_counted_reason = 'duplicate') AS duplicate,
    count(*) FILTER (WHERE not_counted_reason = 'import') AS import,
    count(*) FILTER (WHERE not_counted_reason = 'before_tracking') AS before_tracking,
    count(*) FILTER (WHERE not_counted_reason = 'after_tracking') AS after_tracking,
    count(*) FILTER (WHERE not_counted_reason = 'partial_source') AS partial_source
  FROM counted_commits
  GROUP BY category
),

-- Bots and agents are told by the identities. A commit without an identity (read after the identities were made) is
-- neither here nor among the people, so that the contract refuses the sum instead of losing it
automation AS (
  SELECT a.category, sum(a.commits) AS bot
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE a.quarter = $quarter AND i.kind IN ('bot', 'agent')
  GROUP BY a.category
),

-- Commits of people (and of placeholders) with an AI agent among the co-authors; commits that an agent authored are not
-- counted at all and stand under the reason bot
assisted AS (
  SELECT c.category, count(*) AS commits
  FROM (
    SELECT DISTINCT n.category, n.repository, n.sha, n.alias_id
    FROM (
      SELECT category, repository, sha, alias_id, unnest(coauthor_alias_ids) AS coauthor_alias_id
      FROM counted_commits
      WHERE is_counted
    ) AS n
    JOIN contributor_identities AS g ON g.alias_id = n.coauthor_alias_id
    WHERE g.kind = 'agent'
  ) AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE i.kind IN ('human', 'placeholder')
  GROUP BY c.category
),

repository_volumes AS (
  SELECT
    quarter,
    category,
    repository,
    sum(commits) AS commits,
    sum(commits) FILTER (WHERE kind = 'placeholder') AS unresolved_commits
  FROM contributor_activity
  GROUP BY quarter, category, repository
),

volumes AS (
  SELECT
    v.category,
    v.quarter,
    sum(v.commits) AS commits,
    sum(v.unresolved_commits) AS unresolved_commits,
    sum(v.commits) FILTER (WHERE s.is_in_basket) AS basket_commits,
    count(*) AS repositories_active
  FROM repository_volumes AS v
  LEFT JOIN sources AS s ON s.repository = v.repository
  GROUP BY v.category, v.quarter
),

-- One row a person and category, both quarters side by side: A(q) are those with commits, A of the quarter before those
-- with commits_previous
presences AS (
  SELECT
    coalesce(n.category, b.category) AS category,
    coalesce(n.contributor_id, b.contributor_id) AS contributor_id,
    n.commits,
    b.commits AS commits_previous,
    n.active_weeks,
    b.active_weeks AS active_weeks_previous,
    n.day_bits_low,
    n.day_bits_high
  FROM (SELECT * FROM category_presences WHERE quarter = $quarter) AS n
  FULL JOIN (SELECT * FROM category_presences WHERE quarter < $quarter) AS b
    ON b.category = n.category AND b.contributor_id = n.contributor_id
),

people AS (
  SELECT * FROM presences WHERE commits IS NOT NULL
),

engagement AS (
  SELECT
    category,
    count(commits) AS contributors,
    count(commits_previous) AS contributors_previous,
    count(*) FILTER (WHERE commits IS NOT NULL AND commits_previous IS NOT NULL) AS retained,
    count(*) FILTER (WHERE commits IS NULL) AS churned,
    count(*) FILTER (WHERE active_weeks_previous >= 2) AS engaged_previous,
    count(*) FILTER (WHERE active_weeks_previous >= 2 AND commits IS NULL) AS engaged_churned,
    sum(active_weeks) / nullif(count(commits), 0) AS mean_active_weeks,
    median(active_weeks) AS median_active_weeks,
    count(*) FILTER (WHERE active_weeks = 1) / nullif(count(commits), 0) AS one_week_share,
    sum(bit_count(day_bits_low) + bit_count(day_bits_high)) / nullif(count(commits), 0) AS mean_active_days
  FROM presences
  GROUP BY category
),

basket AS (
  SELECT
    a.category,
    count(DISTINCT a.contributor_id) FILTER (WHERE a.quarter = $quarter) AS contributors,
    count(DISTINCT a.contributor_id) FILTER (WHERE a.quarter < $quarter) AS contributors_previous
  FROM contributor_activity AS a
  JOIN sources AS s ON s.repository = a.repository
  WHERE s.is_in_basket
  GROUP BY a.category
),

-- The same people counted under a stricter and a looser reading of who is who
linked AS (
  SELECT
    a.category,
    count(DISTINCT i.strict_contributor_id) AS contributors_strict,
    count(DISTINCT i.loose_contributor_id) AS contributors_loose
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind = 'human' AND a.quarter = $quarter
  GROUP BY a.category
),

-- Whose first commit of a counted kind in the category, in the whole history, lies in the quarter
newcomers AS (
  SELECT p.category, count(*) AS first_timers
  FROM category_presences AS p
  JOIN first_commits AS f ON f.category = p.category AND f.contributor_id = p.contributor_id
  WHERE p.quarter = $quarter AND f.first_owned_at >= $quarter_start AND f.first_owned_at < $quarter_end
  GROUP BY p.category
),

-- A year is 31,557,600 seconds: 365.25 days. Everybody has a first commit; who had none would break the contract
-- (retained, new and returning are all)
tenures AS (
  SELECT
    p.category,
    count(*) FILTER (WHERE p.commits_previous IS NULL AND f.first_owned_at < $quarter_start) AS came_back,
    median(epoch($quarter_end) - epoch(f.first_owned_at)) / 31557600 AS median_tenure_years,
    median(epoch($quarter_end) - epoch(f.first_in_catalogue_at)) / 31557600 AS median_catalogue_tenure_years,
    count(*) FILTER (WHERE epoch($quarter_end) - epoch(f.first_owned_at) < 31557600) AS tenure_under_1,
    count(*) FILTER (WHERE epoch($quarter_end) - epoch(f.first_owned_at) >= 2 * 31557600) AS tenure_2_or_more
  FROM people AS p
  LEFT JOIN first_commits AS f ON f.category = p.category AND f.contributor_id = p.contributor_id
  GROUP BY p.category
),

with_coauthors AS (
  SELECT category, count(*) AS contributors
  FROM (
    SELECT category, contributor_id FROM people
    UNION
    SELECT c.category, i.contributor_id
    FROM (
      SELECT DISTINCT category, unnest(coauthor_alias_ids) AS alias_id FROM counted_commits WHERE is_counted
    ) AS c
    JOIN contributor_identities AS i ON i.alias_id = c.alias_id
    WHERE i.kind = 'human'
  )
  GROUP BY category
),

-- Who made merges that nothing else stands against
merged AS (
  SELECT c.category, i.contributor_id, count(*) AS merges
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.not_counted_reason = 'merge' AND c.is_counted_with_merges AND i.kind IN ('human', 'placeholder')
  GROUP BY c.category, i.contributor_id
),

-- What the quarter would be if merges counted; a placeholder is no contributor
with_merges AS (
  SELECT category, sum(merges) AS merges, count(DISTINCT contributor_id) AS contributors
  FROM (
    SELECT category, contributor_id, merges FROM merged
    UNION ALL
    SELECT category, contributor_id, 0 FROM people
  )
  GROUP BY category
),

full_time AS (
  SELECT category, count(*) FILTER (WHERE is_full_time_like) AS full_time_like
  FROM contributor_profiles
  GROUP BY category
),

-- How many people made how many commits: ranks of people follow from it without sorting them
ladder AS (
  SELECT
    category,
    commits,
    people,
    sum(people) OVER (PARTITION BY category ORDER BY commits) - people AS people_below,
    sum(people) OVER (PARTITION BY category ORDER BY commits DESC) - people AS people_above,
    sum(people * commits) OVER (PARTITION BY category ORDER BY commits DESC) - people * commits AS commits_above
  FROM (SELECT category, commits, count(*) AS people FROM people GROUP BY category, commits)
),

concentration AS (
  SELECT
    category,
    max(commits) AS top_commits,
    -- Gini over people: 2 sum(rank x commits) / (n sum(commits)) - (n + 1) / n, ranks from below; the ranks of n people
    -- above m others sum to n (2 m + n + 1) / 2
    (sum(commits * people * (2 * people_below + people + 1)) - (sum(people) + 1) * sum(commits * people))
    / (sum(people) * sum(commits * people)) AS commits_gini
  FROM ladder
  GROUP BY category
),

-- The step of the ladder on which half of the commits is reached, and how many of its people that takes
absence AS (
  SELECT category, min(people_above + people_needed) AS absence_factor
  FROM (
    SELECT
      l.category,
      l.people,
      l.people_above,
      greatest(1, (v.commits - 2 * l.commits_above + 2 * l.commits - 1) // (2 * l.commits)) AS people_needed
    FROM ladder AS l
    JOIN volumes AS v ON v.category = l.category AND v.quarter = $quarter
  )
  WHERE people_needed <= people
  GROUP BY category
),

-- The largest contributor, and what the same person made the quarter before
largest AS (
  SELECT p.category, max(p.commits) AS commits, min_by(coalesce(p.commits_previous, 0), p.contributor_id) AS commits_previous
  FROM people AS p
  JOIN concentration AS c ON c.category = p.category AND c.top_commits = p.commits
  GROUP BY p.category
),

-- Where the people of the quarter before went: to a category that is new to them, to one they were in, or nowhere
destinations AS (
  SELECT
    contributor_id,
    bool_or(commits IS NOT NULL) AS is_present,
    bool_or(commits IS NOT NULL AND commits_previous IS NULL) AS is_arriving
  FROM presences
  GROUP BY contributor_id
),

departures AS (
  SELECT
    p.category,
    count(*) FILTER (WHERE d.is_arriving) AS moved,
    count(*) FILTER (WHERE d.is_present AND NOT d.is_arriving) AS narrowed,
    count(*) FILTER (WHERE NOT d.is_present) AS gone
  FROM presences AS p
  JOIN destinations AS d ON d.contributor_id = p.contributor_id
  WHERE p.commits IS NULL
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
    CAST(coalesce(x.bot, 0) AS BIGINT) AS not_counted_bot,
    CAST(coalesce(n.commits, 0) AS BIGINT) AS commits,
    CAST(coalesce(b.commits, 0) AS BIGINT) AS commits_previous,
    CAST(coalesce(n.unresolved_commits, 0) AS BIGINT) AS unresolved_commits,
    coalesce(g.commits, 0) AS agent_assisted_commits,
    coalesce(o.basket_repositories, 0) AS basket_repositories,
    CAST(coalesce(n.basket_commits, 0) AS BIGINT) AS basket_commits,
    CAST(coalesce(b.basket_commits, 0) AS BIGINT) AS basket_commits_previous,
    coalesce(h.contributors, 0) AS basket_contributors,
    coalesce(h.contributors_previous, 0) AS basket_contributors_previous,
    coalesce(e.contributors, 0) AS contributors,
    coalesce(e.contributors_previous, 0) AS contributors_previous,
    coalesce(u.contributors, 0) AS contributors_with_coauthors,
    CAST(coalesce(q.merges, 0) AS BIGINT) AS merges,
    coalesce(q.contributors, 0) AS contributors_with_merges,
    coalesce(y.contributors_strict, 0) AS contributors_strict,
    coalesce(y.contributors_loose, 0) AS contributors_loose,
    e.mean_active_weeks,
    e.median_active_weeks,
    e.one_week_share,
    e.mean_active_days,
    k.top_commits,
    k.commits_gini,
    e.retained,
    w.first_timers,
    t.came_back,
    t.median_tenure_years,
    t.median_catalogue_tenure_years,
    t.tenure_under_1,
    t.tenure_2_or_more,
    e.churned,
    d.moved,
    d.narrowed,
    d.gone,
    e.engaged_previous,
    e.engaged_churned,
    coalesce(l.commits, 0) AS largest_commits,
    coalesce(l.commits_previous, 0) AS largest_commits_previous,
    a.absence_factor,
    coalesce(f.full_time_like, 0) AS full_time_like
  FROM categories AS c
  LEFT JOIN coverage AS o ON o.category = c.category
  LEFT JOIN reasons AS r ON r.category = c.category
  LEFT JOIN automation AS x ON x.category = c.category
  LEFT JOIN assisted AS g ON g.category = c.category
  LEFT JOIN volumes AS n ON n.category = c.category AND n.quarter = $quarter
  LEFT JOIN volumes AS b ON b.category = c.category AND b.quarter < $quarter
  LEFT JOIN engagement AS e ON e.category = c.category
  LEFT JOIN basket AS h ON h.category = c.category
  LEFT JOIN departures AS d ON d.category = c.category
  LEFT JOIN newcomers AS w ON w.category = c.category
  LEFT JOIN tenures AS t ON t.category = c.category
  LEFT JOIN with_coauthors AS u ON u.category = c.category
  LEFT JOIN with_merges AS q ON q.category = c.category
  LEFT JOIN concentration AS k ON k.category = c.category
  LEFT JOIN linked AS y ON y.category = c.category
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
  commits + not_counted_bot AS commits_with_bots,
  commits + merges AS commits_with_merges,
  unresolved_commits,
  unresolved_commits / nullif(commits, 0) AS unresolved_share,
  agent_assisted_commits,
  agent_assisted_commits / nullif(commits, 0) AS agent_assisted_share,
  contributors,
  contributors_with_coauthors,
  contributors_with_merges,
  contributors_strict,
  contributors_loose,
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
  (commits - top_commits) / nullif(commits, 0) AS commits_share_without_top,
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
