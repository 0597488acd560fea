-- Every number that an edition may print, with the query that gives it.
--
-- Grain: fact. A fact is one measure of one entity: a category, a repository, a pair of categories or the catalogue. Its
-- query runs over the published tables and gives its value; unit and definition come from the contracts. A category
-- passes on its marks; a value that cannot be had is null and says why among the marks. Sums over categories are sums of
-- their rows, since a commit has one category; people are not added up: one person may be in several.
WITH category_facts AS (
  SELECT
    'category' AS entity_kind,
    m.category AS entity,
    NULL AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.measure, ' FROM category_metrics WHERE quarter = DATE ''', $quarter, ''' AND category = ''',
      m.category, ''''
    ) AS query,
    -- The people behind a rate of churn are those of the quarter before
    CAST(json_extract_string(to_json(m), '$.' || nullif(d.people, '')) AS BIGINT) AS n,
    m.marks,
    d.unit,
    d.definition
  FROM category_metrics AS m
  JOIN measure_definitions AS d ON d.table_name = 'category_metrics'
),

repository_facts AS (
  SELECT
    'repository' AS entity_kind,
    m.repository AS entity,
    m.category AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.measure, ' FROM repository_metrics WHERE quarter = DATE ''', $quarter, ''' AND repository = ''',
      m.repository, ''''
    ) AS query,
    CAST(json_extract_string(to_json(m), '$.' || nullif(d.people, '')) AS BIGINT) AS n,
    CASE WHEN m.change_null_reason IS NULL THEN [] ELSE [m.change_null_reason] END
    || CASE
      WHEN m.commits_previous BETWEEN 1 AND 29 OR m.contributors_previous BETWEEN 1 AND 29 THEN ['small_base'] ELSE []
    END
    || CASE WHEN m.top_contributor_share > 0.25 THEN ['dominated'] ELSE [] END AS marks,
    d.unit,
    d.definition
  FROM repository_metrics AS m
  JOIN measure_definitions AS d ON d.table_name = 'repository_metrics'
  WHERE m.contributors > 0
),

pair_facts AS (
  SELECT
    'pair' AS entity_kind,
    concat(m.category_a, '+', m.category_b) AS entity,
    NULL AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.measure, ' FROM category_overlaps WHERE quarter = DATE ''', $quarter, ''' AND category_a = ''',
      m.category_a, ''' AND category_b = ''', m.category_b, ''''
    ) AS query,
    CAST(json_extract_string(to_json(m), '$.' || nullif(d.people, '')) AS BIGINT) AS n,
    [] AS marks,
    d.unit,
    d.definition
  FROM category_overlaps AS m
  JOIN measure_definitions AS d ON d.table_name = 'category_overlaps'
),

catalogue_sums AS (
  SELECT
    'catalogue' AS entity_kind,
    'catalogue' AS entity,
    NULL AS part_of,
    d.measure,
    sum(CAST(json_extract_string(to_json(m), '$.' || d.measure) AS BIGINT)) AS value,
    concat('SELECT sum(', d.measure, ') FROM category_metrics WHERE quarter = DATE ''', $quarter, '''') AS query,
    NULL AS n,
    [] AS marks,
    d.unit,
    d.definition
  FROM category_metrics AS m
  JOIN measure_definitions AS d ON d.table_name = 'catalogue_sums'
  GROUP BY d.measure, d.unit, d.definition
),

people AS (
  SELECT
    a.quarter,
    count(DISTINCT i.contributor_id) AS contributors,
    count(DISTINCT (i.contributor_id, a.category)) AS memberships
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind = 'human'
  GROUP BY a.quarter
),

-- Values that are not a sum over the categories' rows
catalogue_values AS (
  SELECT
    'contributors' AS measure,
    coalesce((SELECT contributors FROM people WHERE quarter = $quarter), 0) AS value,
    concat('SELECT count(DISTINCT contributor_id) FROM contributor_activity WHERE quarter = DATE ''', $quarter, '''')
      AS query
  UNION ALL
  SELECT
    'memberships',
    coalesce((SELECT memberships FROM people WHERE quarter = $quarter), 0),
    concat('SELECT sum(contributors) FROM category_metrics WHERE quarter = DATE ''', $quarter, '''')
  UNION ALL
  SELECT
    'contributors_previous',
    CASE WHEN $has_previous THEN coalesce((SELECT contributors FROM people WHERE quarter < $quarter), 0) END,
    CASE WHEN $has_previous THEN concat(
      'SELECT count(DISTINCT contributor_id) FROM alias_activity JOIN contributor_identities USING (alias_id) ',
      'WHERE kind = ''human'' AND quarter = DATE ''', $previous_quarter, ''''
    ) ELSE 'SELECT NULL' END
  UNION ALL
  SELECT
    'contributors_qoq_pct',
    floor(
      (200 * (coalesce(n.contributors, 0) - b.contributors) + b.contributors) / nullif(2 * b.contributors, 0)
    ),
    concat(
      'SELECT floor((200 * (n - b) + b) / nullif(2 * b, 0)) FROM (SELECT count(DISTINCT contributor_id) FILTER (',
      'WHERE quarter = DATE ''', $quarter, ''') AS n, count(DISTINCT contributor_id) FILTER (WHERE quarter = DATE ''',
      $previous_quarter, ''') AS b FROM alias_activity JOIN contributor_identities USING (alias_id) ',
      'WHERE kind = ''human'')'
    )
  FROM (SELECT 1) AS one
  LEFT JOIN people AS n ON n.quarter = $quarter
  LEFT JOIN people AS b ON b.quarter < $quarter
  UNION ALL
  SELECT
    'commits_qoq_pct',
    floor(
      (200 * (sum(commits) - sum(commits_previous)) + sum(commits_previous)) / nullif(2 * sum(commits_previous), 0)
    ),
    concat(
      'SELECT floor((200 * (n - b) + b) / nullif(2 * b, 0)) FROM (SELECT sum(commits) AS n, sum(commits_previous) AS b ',
      'FROM category_metrics WHERE quarter = DATE ''', $quarter, ''')'
    )
  FROM category_metrics
),

catalogue_people AS (
  SELECT
    'catalogue' AS entity_kind,
    'catalogue' AS entity,
    NULL AS part_of,
    v.measure,
    v.value,
    v.query,
    NULL AS n,
    [] AS marks,
    d.unit,
    d.definition
  FROM catalogue_values AS v
  JOIN measure_definitions AS d ON d.table_name = 'catalogue_values' AND d.measure = v.measure
),

-- Measures of a change itself, of a category or of the catalogue
change_facts AS (
  SELECT
    CASE WHEN c.entity = 'catalogue' THEN 'catalogue' ELSE 'category' END AS entity_kind,
    c.entity,
    NULL AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(c), '$.' || d.source_column) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.source_column, ' FROM category_changes WHERE quarter = DATE ''', $quarter, ''' AND entity = ''',
      c.entity, ''' AND measure = ''', c.measure, ''''
    ) AS query,
    coalesce(c.smallest_part, c.people) AS n,
    c.marks,
    d.unit,
    d.definition
  FROM category_changes AS c
  JOIN change_definitions AS d
    ON d.source_measure = c.measure AND (c.entity = 'catalogue' OR NOT d.is_of_catalogue_only)
),

facts AS (
  SELECT * FROM category_facts
  UNION ALL
  SELECT * FROM repository_facts
  UNION ALL
  SELECT * FROM pair_facts
  UNION ALL
  SELECT * FROM catalogue_sums
  UNION ALL
  SELECT * FROM catalogue_people
  UNION ALL
  SELECT * FROM change_facts
),

-- Intervals, and marks of them. The interval of a change of people tells how many are in both quarters, so it is kept
-- back where they are few
intervals AS (
  SELECT entity, measure, value_low AS low, value_high AS high, NULL AS marks
  FROM category_changes
  WHERE value_low IS NOT NULL
  UNION ALL
  SELECT
    entity,
    concat(measure, '_qoq_pct'),
    CASE WHEN measure = 'commits' OR people_in_both >= 5 THEN low END,
    CASE WHEN measure = 'commits' OR people_in_both >= 5 THEN high END,
    marks
  FROM category_changes
  WHERE measure IN ('commits', 'contributors')
  UNION ALL
  SELECT
    entity,
    concat('basket_', measure, '_qoq_pct'),
    CASE WHEN measure = 'commits' OR basket_people_in_both >= 5 THEN basket_low END,
    CASE WHEN measure = 'commits' OR basket_people_in_both >= 5 THEN basket_high END,
    NULL
  FROM category_changes
  WHERE measure IN ('commits', 'contributors')
  UNION ALL
  SELECT c.entity, d.measure, c.low, c.high, NULL
  FROM category_changes AS c
  JOIN change_definitions AS d ON d.source_measure = c.measure AND d.source_column = 'change'
  UNION ALL
  SELECT entity, measure, low, high, NULL FROM ratio_intervals
),

marked AS (
  SELECT
    f.*,
    i.low,
    i.high,
    CASE
      WHEN i.marks IS NULL THEN f.marks
      WHEN f.entity_kind = 'catalogue' THEN i.marks
      WHEN array_contains(i.marks, 'few_people') THEN f.marks || ['few_people']
      ELSE f.marks
    END AS all_marks
  FROM facts AS f
  LEFT JOIN intervals AS i ON i.entity = f.entity AND i.measure = f.measure
)

SELECT
  concat(entity, '.', measure) AS fact_id,
  entity_kind,
  entity,
  part_of,
  measure,
  value,
  unit,
  definition,
  query,
  n,
  CASE WHEN value IS NOT NULL THEN low END AS low,
  CASE WHEN value IS NOT NULL THEN high END AS high,
  CASE
    WHEN value IS NOT NULL THEN all_marks
    WHEN array_contains(all_marks, 'first_quarter') OR array_contains(all_marks, 'no_base') THEN all_marks
    WHEN NOT $has_previous THEN all_marks || ['first_quarter']
    ELSE all_marks || ['no_base']
  END AS marks
FROM marked
