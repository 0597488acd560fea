-- What moved between what the last edition printed and this one: late commits, catalogue, identities, and real change.
--
-- Grain: category, all twelve in every quarter. `published` is what the first edition of the quarter before printed;
-- `restated` is the same quarter as it is known now. Their difference is split: by the catalogue (repositories that came,
-- went or changed their category; as much of a repository's change as it now leaves out more, or less, for its dates of
-- tracking, as imports, and as commits of an upstream that came, went or changed its place), by the source (repositories
-- that now hold other commits of the quarter: late ones, rewritten history; forks of which an upstream does), by identities
-- (the same commits counted otherwise: who is one person, who is a program). People are not added up over repositories:
-- what came to the catalogue or changed its category is counted over the repositories of the time.
-- The rest is of the one cause that touched any of these (a repository that is gone: the catalogue), the identities' if
-- none did, and of either if several did. Late commits of a repository and a new import of the same number offset one
-- another: neither is seen. What is left is real: `restated` against this quarter. Without an edition of the
-- quarter before nothing was restated; if there was one, but what it printed is lost, `published` is null.
WITH published AS (
  SELECT * FROM published_figures WHERE entity_kind = 'category'
),

-- The quarter before, as it is known now
held AS (
  SELECT
    c.repository,
    bit_xor(CAST(concat('0x', right(c.sha, 15)) AS BIGINT)) AS commits_digest,
    count(*) FILTER (
      WHERE c.not_counted_reason IN ('import', 'before_tracking', 'after_tracking') AND i.kind IN ('human', 'placeholder')
    ) AS commits_left_out
  FROM counted_commits AS c
  LEFT JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.quarter < $quarter
  GROUP BY c.repository
),

duplicates AS (
  SELECT concat(c.repository, '+', c.duplicate_of) AS copied, count(*) AS commits
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id AND i.kind IN ('human', 'placeholder')
  WHERE c.quarter < $quarter AND c.not_counted_reason = 'duplicate'
  GROUP BY copied
),

known AS (
  SELECT repository, category, sum(commits) AS commits, count(contributor_id) AS contributors
  FROM contributor_activity
  WHERE quarter < $quarter
  GROUP BY repository, category
),

listed AS (
  SELECT
    f.entity AS repository,
    f.category,
    f.commits,
    f.contributors,
    f.commits_digest IS DISTINCT FROM h.commits_digest AS holds_other_commits,
    coalesce(o.commits, 0) - coalesce(h.commits_left_out, 0) AS let_in
  FROM published_figures AS f
  LEFT JOIN published_figures AS o ON o.entity_kind = 'left_out' AND o.entity = f.entity
  LEFT JOIN held AS h ON h.repository = f.entity
  WHERE f.entity_kind = 'repository'
),

-- What no longer counts for another repository, or, below 0, does now: the source's doing where the other is listed as
-- before and holds other commits
handed AS (
  SELECT
    split_part(coalesce(f.entity, d.copied), '+', 1) AS repository,
    coalesce(f.commits, 0) - coalesce(d.commits, 0) AS commits,
    coalesce(l.holds_other_commits AND t.repository IS NOT NULL, FALSE) AS is_by_source
  FROM (SELECT * FROM published_figures WHERE entity_kind = 'duplicate') AS f
  FULL JOIN duplicates AS d ON d.copied = f.entity
  LEFT JOIN listed AS l ON l.repository = split_part(coalesce(f.entity, d.copied), '+', 2)
  LEFT JOIN tracked_repositories AS t ON t.repository = l.repository
),

handed_over AS (
  SELECT
    repository,
    coalesce(sum(commits) FILTER (WHERE NOT is_by_source), 0) AS by_catalogue,
    coalesce(sum(commits) FILTER (WHERE is_by_source), 0) AS by_source
  FROM handed
  GROUP BY repository
),

paired AS (
  SELECT
    coalesce(k.category, t.category) AS category,
    l.category AS listed_category,
    coalesce(k.commits, 0) AS commits,
    coalesce(l.commits, 0) AS listed_commits,
    coalesce(k.contributors, 0) AS contributors,
    coalesce(l.contributors, 0) AS listed_contributors,
    t.repository IS NULL AS is_gone,
    l.holds_other_commits,
    coalesce(l.let_in, 0) + coalesce(h.by_catalogue, 0) AS let_in,
    coalesce(h.by_source, 0) AS let_in_by_source
  FROM known AS k
  FULL JOIN listed AS l ON l.repository = k.repository
  LEFT JOIN handed_over AS h ON h.repository = coalesce(k.repository, l.repository)
  LEFT JOIN tracked_repositories AS t ON t.repository = coalesce(k.repository, l.repository)
),

-- What is left out explains no more than the change, and nothing against it: a late commit that is left out moved nothing
compared AS (
  SELECT
    *,
    greatest(least(commits - listed_commits, 0), least(greatest(commits - listed_commits, 0), let_in)) AS by_catalogue,
    commits - listed_commits - by_catalogue AS left_over,
    CASE
      WHEN holds_other_commits THEN left_over
      ELSE greatest(least(left_over, 0), least(greatest(left_over, 0), let_in_by_source))
    END AS by_source,
    left_over - by_source AS by_identities
  FROM paired
),

causes AS (
  SELECT category, 'catalogue' AS cause, by_catalogue AS change FROM compared WHERE category = listed_category
  UNION ALL
  SELECT category, 'source', by_source FROM compared WHERE category = listed_category
  UNION ALL
  SELECT category, 'identities', by_identities FROM compared WHERE category = listed_category
  UNION ALL
  SELECT category, 'catalogue', commits FROM compared WHERE category IS DISTINCT FROM listed_category
  UNION ALL
  SELECT listed_category, 'catalogue', -listed_commits FROM compared WHERE category IS DISTINCT FROM listed_category
),

moved AS (
  SELECT
    category,
    coalesce(sum(change) FILTER (WHERE cause = 'catalogue'), 0) AS by_catalogue,
    coalesce(sum(change) FILTER (WHERE cause = 'source'), 0) AS by_source,
    coalesce(sum(change) FILTER (WHERE cause = 'identities'), 0) AS by_identities
  FROM causes
  GROUP BY category
),

-- People of the quarter before, over the repositories that the category had then
of_the_time AS (
  SELECT l.category, count(DISTINCT a.contributor_id) AS contributors
  FROM contributor_activity AS a
  JOIN listed AS l ON l.repository = a.repository
  WHERE a.quarter < $quarter
  GROUP BY l.category
),

-- A repository that is gone holds nothing, so nothing but its going can be seen of it
touched AS (
  SELECT
    listed_category AS category,
    bool_or(is_gone AND listed_commits > 0 OR NOT is_gone AND by_catalogue <> 0) AS by_catalogue,
    bool_or(NOT is_gone AND (holds_other_commits OR by_source <> 0)) AS by_source,
    bool_or(
      NOT is_gone
      AND NOT holds_other_commits
      AND (by_identities <> 0 OR by_catalogue = 0 AND by_source = 0 AND contributors <> listed_contributors)
    ) AS by_identities
  FROM compared
  WHERE listed_category IS NOT NULL
  GROUP BY listed_category
),

figures AS (
  SELECT
    m.category,
    m.category_order,
    m.commits,
    m.contributors,
    m.commits_previous AS commits_restated,
    m.contributors_previous AS contributors_restated,
    coalesce(p.commits, m.commits_previous) AS commits_published,
    coalesce(p.contributors, m.contributors_previous) AS contributors_published,
    -- Nothing was published, or nothing can be compared: nothing moved
    CASE WHEN p.entity IS NULL THEN 0 ELSE coalesce(v.by_catalogue, 0) END AS by_catalogue,
    CASE WHEN p.entity IS NULL THEN 0 ELSE coalesce(v.by_source, 0) END AS by_source,
    CASE WHEN p.entity IS NULL THEN 0 ELSE coalesce(v.by_identities, 0) END AS by_identities,
    CASE WHEN p.entity IS NULL THEN m.contributors_previous ELSE coalesce(o.contributors, 0) END AS of_the_time,
    CASE
      WHEN CAST(t.by_catalogue AS INTEGER) + CAST(t.by_source AS INTEGER) + CAST(t.by_identities AS INTEGER) > 1 THEN 'either'
      WHEN t.by_catalogue THEN 'catalogue'
      WHEN t.by_source THEN 'source'
      ELSE 'identities'
    END AS cause_of_rest
  FROM category_metrics AS m
  LEFT JOIN published AS p ON p.entity = m.category
  LEFT JOIN moved AS v ON v.category = m.category
  LEFT JOIN of_the_time AS o ON o.category = m.category
  LEFT JOIN touched AS t ON t.category = m.category
)

SELECT
  category,
  category_order,
  CASE WHEN NOT $is_lost THEN f.commits_published END AS commits_published,
  commits_restated,
  CASE WHEN $has_previous THEN by_catalogue END AS commits_by_catalogue,
  CASE WHEN $has_previous THEN by_source END AS commits_by_source,
  CASE WHEN $has_previous THEN by_identities END AS commits_by_identities,
  commits - commits_restated AS commits_real_change,
  CASE WHEN NOT $is_lost THEN f.contributors_published END AS contributors_published,
  contributors_restated,
  contributors_restated - CASE WHEN cause_of_rest = 'catalogue' THEN f.contributors_published ELSE of_the_time END
    AS contributors_by_catalogue,
  CASE WHEN cause_of_rest = 'source' THEN of_the_time - f.contributors_published WHEN $has_previous THEN 0 END
    AS contributors_by_source,
  CASE WHEN cause_of_rest = 'identities' THEN of_the_time - f.contributors_published WHEN $has_previous THEN 0 END
    AS contributors_by_identities,
  CASE WHEN cause_of_rest = 'either' THEN of_the_time - f.contributors_published WHEN $has_previous THEN 0 END
    AS contributors_by_either,
  contributors - contributors_restated AS contributors_real_change
FROM figures AS f
