-- Every path that a commit of one parent touched, with the kind of work that it stands for.
--
-- Grain: repository x path. The rules stand in content/work_types.yaml: the first step that fits counts, and what fits none
-- is core. An override of the repository, the longest that the path begins with, is asked right after named build files;
-- one to core after named pages, one to integration or build after folders of documentation. Upper and lower case make no
-- difference. Commits over 50 paths (moves, formatting, drops of foreign code) leave no path here.
WITH touched AS (
  SELECT repository, unnest(changes) AS change
  FROM raw_commits
  WHERE array_length(changes) BETWEEN 1 AND 50 AND array_length(parents) < 2
),

paths AS (
  SELECT repository, path, lower(path) AS lower_path, concat('/', lower(path)) AS rooted
  FROM (SELECT DISTINCT repository, change.path AS path FROM touched)
),

overridden AS (
  SELECT p.repository, p.path, o.work_type
  FROM paths AS p
  JOIN path_overrides AS o ON o.repository = p.repository AND starts_with(p.lower_path, o.prefix)
  QUALIFY row_number() OVER (PARTITION BY p.repository, p.path ORDER BY length(o.prefix) DESC) = 1
)

SELECT
  p.repository,
  p.path,
  CASE
    WHEN regexp_matches(p.rooted, $named_build_paths) THEN 'build'
    WHEN o.work_type IN ('vendored', 'tests', 'benchmarks', 'docs') THEN o.work_type
    WHEN regexp_matches(p.rooted, $vendored_paths) THEN 'vendored'
    WHEN regexp_matches(p.rooted, $test_paths) THEN 'tests'
    WHEN regexp_matches(p.rooted, $benchmark_paths) THEN 'benchmarks'
    WHEN regexp_matches(p.rooted, $named_docs_paths) THEN 'docs'
    WHEN o.work_type = 'core' THEN 'core'
    WHEN regexp_matches(p.rooted, $docs_paths) THEN 'docs'
    WHEN o.work_type IS NOT NULL THEN o.work_type
    WHEN regexp_matches(p.rooted, $build_paths) THEN 'build'
    WHEN regexp_matches(p.rooted, $integration_paths) THEN 'integration'
    ELSE 'core'
  END AS work_type
FROM paths AS p
LEFT JOIN overridden AS o ON o.repository = p.repository AND o.path = p.path
