-- How deep the people of each category went: how much they did, and what kind of work.
--
-- Grain: category, all twelve in every quarter. Volume and work class are those of contributor_profiles; the cells of volume
-- x class add up to the contributors. Core builders are counted among the people with classified commits, since nobody
-- knows of the others what they worked on.
WITH depth AS (
  SELECT
    category,
    count(*) AS contributors,
    count(*) FILTER (WHERE classified_commits > 0) AS classified_contributors,
    count(*) FILTER (WHERE is_core_builder) AS core_builders,
    count(*) FILTER (WHERE is_full_time_like) AS full_time_like,
    count(*) FILTER (WHERE volume = 'one_commit') AS one_commit,
    count(*) FILTER (WHERE volume = 'occasional') AS occasional,
    count(*) FILTER (WHERE volume = 'sustained') AS sustained,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'core') AS one_commit_core,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'integration') AS one_commit_integration,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'docs') AS one_commit_docs,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'build') AS one_commit_build,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'mixed') AS one_commit_mixed,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'neutral') AS one_commit_neutral,
    count(*) FILTER (WHERE volume = 'one_commit' AND work_class = 'unknown') AS one_commit_unknown,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'core') AS occasional_core,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'integration') AS occasional_integration,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'docs') AS occasional_docs,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'build') AS occasional_build,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'mixed') AS occasional_mixed,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'neutral') AS occasional_neutral,
    count(*) FILTER (WHERE volume = 'occasional' AND work_class = 'unknown') AS occasional_unknown,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'core') AS sustained_core,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'integration') AS sustained_integration,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'docs') AS sustained_docs,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'build') AS sustained_build,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'mixed') AS sustained_mixed,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'neutral') AS sustained_neutral,
    count(*) FILTER (WHERE volume = 'sustained' AND work_class = 'unknown') AS sustained_unknown
  FROM contributor_profiles
  GROUP BY category
)

SELECT
  c.category,
  c.category_order,
  coalesce(d.contributors, 0) AS contributors,
  coalesce(d.classified_contributors, 0) AS classified_contributors,
  CASE
    WHEN coalesce(d.contributors, 0) = 0 THEN 'no_commits'
    WHEN d.classified_contributors = 0 THEN 'paths_unknown'
  END AS null_reason,
  CASE WHEN d.classified_contributors > 0 THEN d.core_builders END AS core_builders,
  d.core_builders / nullif(d.classified_contributors, 0) AS core_builder_share,
  d.full_time_like / d.contributors AS full_time_like_share,
  coalesce(d.one_commit, 0) AS one_commit,
  coalesce(d.occasional, 0) AS occasional,
  coalesce(d.sustained, 0) AS sustained,
  d.sustained / d.contributors AS sustained_share,
  coalesce(d.one_commit_core, 0) AS one_commit_core,
  coalesce(d.one_commit_integration, 0) AS one_commit_integration,
  coalesce(d.one_commit_docs, 0) AS one_commit_docs,
  coalesce(d.one_commit_build, 0) AS one_commit_build,
  coalesce(d.one_commit_mixed, 0) AS one_commit_mixed,
  coalesce(d.one_commit_neutral, 0) AS one_commit_neutral,
  coalesce(d.one_commit_unknown, 0) AS one_commit_unknown,
  coalesce(d.occasional_core, 0) AS occasional_core,
  coalesce(d.occasional_integration, 0) AS occasional_integration,
  coalesce(d.occasional_docs, 0) AS occasional_docs,
  coalesce(d.occasional_build, 0) AS occasional_build,
  coalesce(d.occasional_mixed, 0) AS occasional_mixed,
  coalesce(d.occasional_neutral, 0) AS occasional_neutral,
  coalesce(d.occasional_unknown, 0) AS occasional_unknown,
  coalesce(d.sustained_core, 0) AS sustained_core,
  coalesce(d.sustained_integration, 0) AS sustained_integration,
  coalesce(d.sustained_docs, 0) AS sustained_docs,
  coalesce(d.sustained_build, 0) AS sustained_build,
  coalesce(d.sustained_mixed, 0) AS sustained_mixed,
  coalesce(d.sustained_neutral, 0) AS sustained_neutral,
  coalesce(d.sustained_unknown, 0) AS sustained_unknown
FROM (SELECT DISTINCT category, category_order FROM tracked_repositories) AS c
LEFT JOIN depth AS d ON d.category = c.category
