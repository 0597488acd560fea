-- What kind of work the commits were, of the catalogue, each category and each repository.
--
-- Grain: entity. The catalogue, all twelve categories, and the repositories with a counted commit. A commit's weight is spread
-- over the work types of its paths; a share is the sum of the weights over the classified commits, those whose paths are
-- known and 50 at most. So the shares of an entity add up to 1, a commit of ten files weighs as much as one of a single
-- file, and moving a thousand files weighs nothing.
WITH activity AS (
  SELECT 'catalogue' AS entity_kind, 'catalogue' AS entity, *
  FROM contributor_activity
  WHERE quarter = $quarter
  UNION ALL
  SELECT 'category' AS entity_kind, category AS entity, *
  FROM contributor_activity
  WHERE quarter = $quarter
  UNION ALL
  SELECT 'repository' AS entity_kind, repository AS entity, *
  FROM contributor_activity
  WHERE quarter = $quarter
),

added_up AS (
  SELECT
    entity_kind,
    entity,
    sum(commits) AS commits,
    sum(classified_commits) AS classified_commits,
    count(DISTINCT CASE WHEN classified_commits > 0 THEN contributor_id END) AS classified_contributors,
    sum(core_weight) AS core_weight,
    sum(integration_weight) AS integration_weight,
    sum(docs_weight) AS docs_weight,
    sum(build_weight) AS build_weight,
    sum(tests_weight) AS tests_weight,
    sum(benchmarks_weight) AS benchmarks_weight,
    sum(vendored_weight) AS vendored_weight,
    sum(empty_weight) AS empty_weight
  FROM activity
  GROUP BY entity_kind, entity
),

entities AS (
  SELECT 'catalogue' AS entity_kind, 'catalogue' AS entity, NULL AS category, NULL AS category_order
  UNION ALL
  SELECT DISTINCT 'category' AS entity_kind, category AS entity, category, category_order
  FROM tracked_repositories
  UNION ALL
  SELECT 'repository' AS entity_kind, t.repository AS entity, t.category, t.category_order
  FROM tracked_repositories AS t
  JOIN added_up AS a ON a.entity_kind = 'repository' AND a.entity = t.repository
)

SELECT
  e.entity_kind,
  e.entity,
  e.category,
  e.category_order,
  coalesce(a.commits, 0) AS commits,
  coalesce(a.classified_commits, 0) AS classified_commits,
  coalesce(a.classified_contributors, 0) AS classified_contributors,
  CASE
    WHEN coalesce(a.commits, 0) = 0 THEN 'no_commits'
    WHEN a.classified_commits = 0 THEN 'paths_unknown'
  END AS null_reason,
  a.core_weight / nullif(1000000 * a.classified_commits, 0) AS core_share,
  a.integration_weight / nullif(1000000 * a.classified_commits, 0) AS integration_share,
  a.docs_weight / nullif(1000000 * a.classified_commits, 0) AS docs_share,
  a.build_weight / nullif(1000000 * a.classified_commits, 0) AS build_share,
  a.tests_weight / nullif(1000000 * a.classified_commits, 0) AS tests_share,
  a.benchmarks_weight / nullif(1000000 * a.classified_commits, 0) AS benchmarks_share,
  a.vendored_weight / nullif(1000000 * a.classified_commits, 0) AS vendored_share,
  a.empty_weight / nullif(1000000 * a.classified_commits, 0) AS empty_share
FROM entities AS e
LEFT JOIN added_up AS a ON a.entity_kind = e.entity_kind AND a.entity = e.entity
