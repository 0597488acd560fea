-- Every number that an edition may print, with the query that gives it.
--
-- Grain: fact. A fact is one measure of one entity: a category, a repository, a pair of categories, a flow from one to the
-- other, a term, a prediction, a forecaster, or the catalogue. Its query runs over the published tables and gives its value;
-- unit and definition come from the contracts. A category passes on its marks, and the catalogue is partial if one of its
-- categories is; a value that cannot be had is null and says why among the marks. Sums over categories are sums of their
-- rows, since a commit has one category; people are not added up: one person may be in several. Intervals, where a measure
-- has one, are those of docs/analysis.md.
WITH partial AS (
  SELECT category, CASE WHEN array_contains(marks, 'partial') THEN ['partial'] ELSE [] END AS marks
  FROM category_metrics
),

-- The catalogue has of its categories that one of them is partial: its sums are too low as well
partial_catalogue AS (
  SELECT CASE WHEN bool_or(array_contains(marks, 'partial')) THEN ['partial'] ELSE [] END AS marks
  FROM category_metrics
),

-- One side of a flow. Who has any past or none, who passed by, entered or left is told from all categories
partial_states AS (
  SELECT category AS state, marks
  FROM partial
  UNION ALL
  SELECT s.state, p.marks
  FROM (SELECT unnest(['any', 'none', 'passing', 'absent', 'all']) AS state) AS s
  CROSS JOIN partial_catalogue AS p
),

-- What must be known of how people worked in a quarter: where one person made over a quarter of the commits, the work is
-- largely theirs. Marks of a change, as of a basket that differs or of a small base, say nothing of that
of_the_work AS (
  SELECT
    category AS entity,
    [mark FOR mark IN marks IF array_contains(['partial', 'dominated', 'unresolved'], mark)] AS marks
  FROM category_metrics
  UNION ALL
  SELECT repository, CASE WHEN top_contributor_share > 0.25 THEN ['dominated'] ELSE [] END
  FROM repository_metrics
  UNION ALL
  SELECT 'catalogue', marks
  FROM partial_catalogue
),

-- Repositories of fewer than five people have no facts of their own: those of a category are one
small_repositories AS (
  SELECT category, repository, commits FROM repository_metrics WHERE contributors < 5 AND commits > 0
),

-- One row an entity and table: how it is found, all of its columns, and what a reader must know of them
measured AS (
  SELECT
    'category_metrics' AS table_name,
    'category' AS entity_kind,
    category AS entity,
    NULL AS part_of,
    concat('category = ''', category, '''') AS found_by,
    to_json(m) AS columns,
    marks
  FROM category_metrics AS m
  UNION ALL
  SELECT 'restatements', 'category', category, NULL, concat('category = ''', category, ''''), to_json(m), []
  FROM restatements AS m
  UNION ALL
  SELECT
    'repository_metrics',
    'repository',
    repository,
    category,
    concat('repository = ''', repository, ''''),
    to_json(m),
    CASE WHEN change_null_reason IS NULL THEN [] ELSE [change_null_reason] END
    || CASE WHEN commits_previous BETWEEN 1 AND 29 OR contributors_previous BETWEEN 1 AND 29 THEN ['small_base'] ELSE [] END
    || CASE WHEN top_contributor_share > 0.25 THEN ['dominated'] ELSE [] END
  FROM repository_metrics AS m
  WHERE contributors >= 5
  UNION ALL
  SELECT
    'category_overlaps',
    'pair',
    concat(m.category_a, '+', m.category_b),
    NULL,
    concat('category_a = ''', m.category_a, ''' AND category_b = ''', m.category_b, ''''),
    to_json(m),
    CASE WHEN array_length(a.marks) > 0 THEN a.marks ELSE b.marks END
  FROM category_overlaps AS m
  JOIN partial AS a ON a.category = m.category_a
  JOIN partial AS b ON b.category = m.category_b
  UNION ALL
  -- The homes of a quarter alone are for the data: hardly anybody moves within three months. How many people are new to a
  -- category is a measure of the category
  SELECT
    'contributor_migration',
    'flow',
    concat(m.flow, ':', m.origin, ':', m.destination),
    NULL,
    concat('flow = ''', m.flow, ''' AND origin = ''', m.origin, ''' AND destination = ''', m.destination, ''''),
    to_json(m),
    CASE WHEN m.null_reason IS NULL THEN [] ELSE [m.null_reason] END
    || CASE WHEN array_length(o.marks) > 0 THEN o.marks ELSE d.marks END
  FROM contributor_migration AS m
  JOIN partial_states AS o ON o.state = m.origin
  JOIN partial_states AS d ON d.state = m.destination
  WHERE m.flow = 'year' OR (m.flow = 'arrivals' AND m.origin <> 'all')
  UNION ALL
  -- What the work was: of categories and repositories
  SELECT
    'work_type_mix',
    m.entity_kind,
    m.entity,
    CASE WHEN m.entity_kind = 'repository' THEN m.category END,
    concat('entity = ''', m.entity, ''''),
    to_json(m),
    CASE WHEN m.null_reason IS NULL THEN [] ELSE [m.null_reason] END || w.marks
  FROM work_type_mix AS m
  JOIN of_the_work AS w ON w.entity = m.entity
  WHERE m.entity NOT IN (SELECT repository FROM small_repositories)
  UNION ALL
  -- How deep people went, and how far they worked on the same files
  SELECT
    m.table_name,
    'category',
    m.category,
    NULL,
    concat('category = ''', m.category, ''''),
    m.columns,
    CASE WHEN m.null_reason IS NULL THEN [] ELSE [m.null_reason] END || w.marks
  FROM (
    SELECT 'category_depth' AS table_name, category, null_reason, to_json(d) AS columns FROM category_depth AS d
    UNION ALL
    SELECT 'category_coordination', category, null_reason, to_json(c) FROM category_coordination AS c
  ) AS m
  JOIN of_the_work AS w ON w.entity = m.category
  UNION ALL
  -- What it turned to
  SELECT
    'focus_terms',
    'term',
    concat_ws(':', category, scope, CASE WHEN scope = 'repository' THEN array_to_string(repositories, ',') END, term),
    NULL,
    concat('category = ''', category, ''' AND scope = ''', scope, ''' AND rank = ', rank),
    to_json(m),
    []
  FROM focus_terms AS m
),

measured_facts AS (
  SELECT
    m.entity_kind,
    m.entity,
    m.part_of,
    d.measure,
    CAST(json_extract_string(m.columns, '$.' || d.measure) AS DOUBLE) AS value,
    concat('SELECT ', d.measure, ' FROM ', m.table_name, ' WHERE quarter = DATE ''', $quarter, ''' AND ', m.found_by)
      AS query,
    -- The people behind a rate of churn are those of the quarter before
    CAST(json_extract_string(m.columns, '$.' || nullif(d.people, '')) AS BIGINT) AS n,
    m.marks || CASE
      WHEN starts_with(d.measure, 'lift') AND json_extract_string(m.columns, '$.lift_null_reason') IS NOT NULL
        THEN [json_extract_string(m.columns, '$.lift_null_reason')]
      WHEN d.measure = 'q_value' AND json_extract_string(m.columns, '$.q_value') IS NULL THEN ['no_people']
      WHEN d.measure = 'shared_new_share' AND json_extract_string(m.columns, '$.shared_new_share') IS NULL
        THEN ['few_people']
      WHEN d.measure IN ('strength_rank', 'newness_rank')
        AND json_extract_string(m.columns, concat('$.', d.measure)) IS NULL
        THEN ['not_above_chance']
      ELSE []
    END
    -- A ratio is over the people behind it; a change, which names none, has its own base
    || CASE
      WHEN d.unit IN ('share', '%', 'ratio', 'weeks', 'days', 'years') AND NOT array_contains(m.marks, 'small_base')
        AND CAST(json_extract_string(m.columns, '$.' || nullif(d.people, '')) AS BIGINT) BETWEEN 1 AND 29
        THEN ['small_base']
      ELSE []
    END AS marks,
    d.unit,
    d.definition
  FROM measured AS m
  JOIN measure_definitions AS d ON d.table_name = m.table_name
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
    any_value(p.marks) AS marks,
    d.unit,
    d.definition
  FROM category_metrics AS m
  JOIN measure_definitions AS d ON d.table_name = 'catalogue_sums'
  CROSS JOIN partial_catalogue AS p
  GROUP BY d.measure, d.unit, d.definition
),

people AS (
  SELECT
    a.quarter,
    count(DISTINCT i.contributor_id) AS contributors,
    count(DISTINCT (i.contributor_id, a.category)) AS memberships,
    count(DISTINCT i.strict_contributor_id) AS strict,
    count(DISTINCT i.loose_contributor_id) AS loose
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind = 'human'
  GROUP BY a.quarter
),

merges_too AS (
  SELECT c.quarter, count(*) AS commits, count(DISTINCT i.contributor_id) AS contributors
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.is_counted_with_merges AND i.kind IN ('human', 'placeholder')
  GROUP BY c.quarter
),

-- The same quarters read otherwise: by stricter and looser rules of who is who, with automation, and with merges
readings AS (
  SELECT quarter, 'contributors' AS counted, 'strict' AS reading, strict AS value FROM people
  UNION ALL
  SELECT quarter, 'contributors', 'loose', loose FROM people
  UNION ALL
  SELECT quarter, 'commits', 'with_bots', CAST(sum(commits) AS BIGINT) FROM alias_activity GROUP BY quarter
  UNION ALL
  SELECT quarter, 'commits', 'with_merges', commits FROM merges_too
  UNION ALL
  SELECT quarter, 'contributors', 'with_merges', contributors FROM merges_too
),

-- How each of them is asked for
asked_otherwise AS (
  SELECT counted, reading, aggregate, source
  FROM (
    VALUES
    (
      'contributors',
      'strict',
      'count(DISTINCT strict_contributor_id)',
      'alias_activity JOIN contributor_identities USING (alias_id) WHERE kind = ''human'''
    ),
    (
      'contributors',
      'loose',
      'count(DISTINCT loose_contributor_id)',
      'alias_activity JOIN contributor_identities USING (alias_id) WHERE kind = ''human'''
    ),
    ('commits', 'with_bots', 'count(*)', 'counted_commits WHERE is_counted'),
    (
      'commits',
      'with_merges',
      'count(*)',
      'counted_commits JOIN contributor_identities USING (alias_id) '
      || 'WHERE is_counted_with_merges AND kind IN (''human'', ''placeholder'')'
    ),
    (
      'contributors',
      'with_merges',
      'count(DISTINCT contributor_id)',
      'counted_commits JOIN contributor_identities USING (alias_id) WHERE is_counted_with_merges AND kind = ''human'''
    )
  ) AS r (counted, reading, aggregate, source)
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
    concat(r.counted, '_', r.reading),
    coalesce(n.value, 0),
    concat('SELECT ', r.aggregate, ' FROM ', r.source, ' AND quarter = DATE ''', $quarter, '''')
  FROM asked_otherwise AS r
  LEFT JOIN readings AS n ON n.counted = r.counted AND n.reading = r.reading AND n.quarter = $quarter
  UNION ALL
  SELECT
    concat(r.counted, '_qoq_pct_', r.reading),
    floor((200 * (coalesce(n.value, 0) - b.value) + b.value) / nullif(2 * b.value, 0)),
    concat(
      'SELECT floor((200 * (n - b) + b) / nullif(2 * b, 0)) FROM (SELECT ', r.aggregate, ' FILTER (WHERE quarter = DATE ''',
      $quarter, ''') AS n, ', r.aggregate, ' FILTER (WHERE quarter = DATE ''', $previous_quarter, ''') AS b FROM ',
      r.source, ')'
    )
  FROM asked_otherwise AS r
  LEFT JOIN readings AS n ON n.counted = r.counted AND n.reading = r.reading AND n.quarter = $quarter
  LEFT JOIN readings AS b ON b.counted = r.counted AND b.reading = r.reading AND b.quarter < $quarter
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
  UNION ALL
  SELECT
    'agent_assisted_share',
    sum(agent_assisted_commits) / nullif(sum(commits), 0),
    concat(
      'SELECT sum(agent_assisted_commits) / nullif(sum(commits), 0) FROM category_metrics WHERE quarter = DATE ''',
      $quarter, ''''
    )
  FROM category_metrics
  UNION ALL
  SELECT
    s.measure,
    CASE s.measure
      WHEN 'repositories_recounted' THEN h.repositories
      WHEN 'history_commits' THEN h.commits
      ELSE h.recounted
    END,
    concat(
      'SELECT ', s.aggregate, ' FROM repository_snapshots JOIN tracked_repositories USING (repository) ',
      'WHERE complete_until IS NOT NULL AND (tracked_from IS NULL OR tracked_from < DATE ''', h.quarter_end,
      ''') AND (tracked_to IS NULL OR tracked_to > DATE ''', $quarter, ''')'
    )
  FROM (
    VALUES
    ('repositories_recounted', 'count(recounted_commits)'),
    ('history_commits', 'coalesce(sum(commits) FILTER (recounted_commits IS NOT NULL), 0)'),
    ('history_commits_recounted', 'coalesce(sum(recounted_commits), 0)')
  ) AS s (measure, aggregate)
  CROSS JOIN (
    SELECT
      CAST($quarter_end AS DATE) AS quarter_end,
      count(v.recounted_commits) AS repositories,
      coalesce(sum(v.commits) FILTER (WHERE v.recounted_commits IS NOT NULL), 0) AS commits,
      coalesce(sum(v.recounted_commits), 0) AS recounted
    FROM repository_snapshots AS v
    JOIN tracked_repositories AS t ON t.repository = v.repository
    WHERE v.complete_until IS NOT NULL
      AND (t.tracked_from IS NULL OR t.tracked_from < CAST($quarter_end AS DATE))
      AND (t.tracked_to IS NULL OR t.tracked_to > $quarter)
  ) AS h
  UNION ALL
  -- Retention is what churn leaves and has churn's verdict: one test, not two
  SELECT
    'changes_tested',
    count(q_value) FILTER (WHERE measure <> 'retention_pct'),
    concat(
      'SELECT count(q_value) FROM category_changes WHERE quarter = DATE ''', $quarter,
      ''' AND measure <> ''retention_pct'''
    )
  FROM category_changes
  UNION ALL
  SELECT
    'discoveries',
    count(*) FILTER (WHERE is_discovery AND measure <> 'retention_pct'),
    concat(
      'SELECT count(*) FROM category_changes WHERE quarter = DATE ''', $quarter,
      ''' AND is_discovery AND measure <> ''retention_pct'''
    )
  FROM category_changes
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
    p.marks,
    d.unit,
    d.definition
  FROM catalogue_values AS v
  JOIN measure_definitions AS d ON d.table_name = 'catalogue_values' AND d.measure = v.measure
  CROSS JOIN partial_catalogue AS p
),

-- What the small repositories of a category are together; who is in two of them counts once
people_of_small_repositories AS (
  SELECT s.category, a.contributor_id, sum(a.commits) AS commits
  FROM small_repositories AS s
  JOIN contributor_activity AS a ON a.repository = s.repository
  GROUP BY s.category, a.contributor_id
),

small AS (
  SELECT
    s.category,
    s.repositories,
    s.commits,
    p.contributors,
    p.top_commits / s.commits AS top_contributor_share,
    concat('quarter = DATE ''', $quarter, '''') AS now,
    concat('category = ''', s.category, ''' AND contributors < 5 AND commits > 0') AS found_by
  FROM (
    SELECT category, count(*) AS repositories, sum(commits) AS commits FROM small_repositories GROUP BY category
  ) AS s
  JOIN (
    SELECT
      category,
      count(contributor_id) AS contributors,
      coalesce(max(commits) FILTER (WHERE contributor_id IS NOT NULL), 0) AS top_commits
    FROM people_of_small_repositories
    GROUP BY category
  ) AS p ON p.category = s.category
),

small_facts AS (
  SELECT
    'small_repositories' AS entity_kind,
    concat(m.category, ':small_repositories') AS entity,
    m.category AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    CASE d.measure
      WHEN 'repositories' THEN concat('SELECT count(*) FROM repository_metrics WHERE ', m.now, ' AND ', m.found_by)
      WHEN 'commits' THEN concat('SELECT sum(commits) FROM repository_metrics WHERE ', m.now, ' AND ', m.found_by)
      ELSE concat(
        CASE d.measure
          WHEN 'contributors' THEN 'SELECT count(contributor_id)'
          ELSE 'SELECT coalesce(max(commits) FILTER (contributor_id IS NOT NULL), 0) / sum(commits)'
        END,
        ' FROM (SELECT contributor_id, sum(commits) AS commits FROM contributor_activity WHERE ', m.now,
        ' AND repository IN (SELECT repository FROM repository_metrics WHERE ', m.now, ' AND ', m.found_by,
        ') GROUP BY contributor_id)'
      )
    END AS query,
    NULL AS n,
    CASE WHEN m.top_contributor_share > 0.25 THEN ['dominated'] ELSE [] END AS marks,
    d.unit,
    d.definition
  FROM small AS m
  JOIN measure_definitions AS d ON d.table_name = 'small_repositories'
),

-- Measures of a change itself, of a category or of the catalogue
change_facts AS (
  SELECT
    CASE WHEN c.entity = 'catalogue' THEN 'catalogue' ELSE 'category' END AS entity_kind,
    c.entity,
    NULL AS part_of,
    d.measure,
    CASE
      WHEN d.places IS NULL THEN CAST(json_extract_string(to_json(c), '$.' || d.source_column) AS DOUBLE)
      ELSE round(CAST(json_extract_string(to_json(c), '$.' || d.source_column) AS DOUBLE), CAST(d.places AS INTEGER))
    END AS value,
    concat(
      'SELECT ', d.expression, ' FROM category_changes WHERE quarter = DATE ''', $quarter, ''' AND entity = ''',
      c.entity, ''' AND measure = ''', c.measure, ''''
    ) AS query,
    coalesce(c.smallest_part, c.people) AS n,
    -- That few make the raw change is said of it; whether few make that of the same basket, its own interval says
    CASE
      WHEN d.source_column IN ('basket_value', 'basket_previous', 'basket_change')
        THEN [mark FOR mark IN c.marks IF mark <> 'change_by_few']
      ELSE c.marks
    END AS marks,
    d.unit,
    d.definition
  FROM category_changes AS c
  JOIN change_definitions AS d
    ON d.source_measure = c.measure AND (c.entity = 'catalogue' OR NOT d.is_of_catalogue_only)
),

-- What people predicted with its scores, and the program's open probabilities
prediction_facts AS (
  SELECT
    'prediction' AS entity_kind,
    concat('prediction:', m.prediction_id) AS entity,
    NULL AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.measure, ' FROM prediction_scores WHERE quarter = DATE ''', $quarter, ''' AND prediction_id = ''',
      m.prediction_id, ''''
    ) AS query,
    NULL AS n,
    [] AS marks,
    d.unit,
    d.definition
  FROM prediction_scores AS m
  JOIN measure_definitions AS d ON d.table_name = 'prediction_scores'
  WHERE m.author_kind = 'analyst' OR (d.measure = 'probability_pct' AND (m.state = 'open' OR m.deadline = m.quarter))
),

-- The figures that decide them, and those that were printed of the same query, where they are others. Numbers of commits
-- are left to the categories, where one person's are kept back; of few people none were kept when they were printed
figure_facts AS (
  SELECT
    'prediction' AS entity_kind,
    concat('prediction:', m.prediction_id) AS entity,
    NULL AS part_of,
    f.figure AS measure,
    CAST(json_extract_string(to_json(m), '$.' || f.figure) AS DOUBLE) AS value,
    concat(
      'SELECT ', f.figure, ' FROM prediction_scores WHERE quarter = DATE ''', $quarter, ''' AND prediction_id = ''',
      m.prediction_id, ''''
    ) AS query,
    CASE WHEN f.today IS NULL THEN m.people END AS n,
    [] AS marks,
    CASE
      WHEN m.measure IN ('contributors', 'shared') THEN 'people'
      WHEN m.measure = 'repositories_active' THEN 'repositories'
      WHEN m.measure = 'mean_active_weeks' THEN 'weeks'
      WHEN m.measure = 'churn_rate_pct' THEN '%'
      ELSE 'share'
    END AS unit,
    f.definition
  FROM prediction_scores AS m
  CROSS JOIN (
    SELECT
      unnest([
        'value_made', 'threshold_made', 'value', 'threshold', 'value_made_published', 'threshold_made_published',
        'value_published', 'threshold_published'
      ]) AS figure,
      unnest([NULL, NULL, NULL, NULL, 'value_made', 'threshold_made', 'value', 'threshold']) AS today,
      unnest([
        'the figure when the prediction was made', 'what it was compared with then',
        'the figure at the deadline, before it in the quarter', 'what it is compared with then',
        'the figure when it was made, as first printed', 'what it was compared with then, as first printed',
        'the figure that first decided it, as printed', 'what it was compared with then, as printed'
      ]) AS definition
  ) AS f
  WHERE m.author_kind = 'analyst'
    AND m.measure <> 'commits'
    AND (
      f.today IS NULL
      OR NOT m.is_rewritten
      AND json_extract_string(to_json(m), '$.' || f.figure)
      IS DISTINCT FROM json_extract_string(to_json(m), '$.' || f.today)
    )
),

restated_facts AS (
  SELECT
    'forecast' AS entity_kind,
    'forecast:program:all' AS entity,
    NULL AS part_of,
    'restated' AS measure,
    CAST(count(*) FILTER (WHERE state <> state_published) AS DOUBLE) AS value,
    concat(
      'SELECT count(*) FROM prediction_scores WHERE quarter = DATE ''', $quarter,
      ''' AND author_kind = ''program'' AND state <> state_published'
    ) AS query,
    NULL AS n,
    [] AS marks,
    'predictions' AS unit,
    'predictions of the program whose state is another than the one that was printed' AS definition
  FROM prediction_scores
  WHERE author_kind = 'program'
),

forecast_facts AS (
  SELECT
    'forecast' AS entity_kind,
    concat('forecast:', m.forecaster, ':', m.bin) AS entity,
    NULL AS part_of,
    d.measure,
    CAST(json_extract_string(to_json(m), '$.' || d.measure) AS DOUBLE) AS value,
    concat(
      'SELECT ', d.measure, ' FROM prediction_calibration WHERE quarter = DATE ''', $quarter, ''' AND forecaster = ''',
      m.forecaster, ''' AND bin = ''', m.bin, ''''
    ) AS query,
    NULL AS n,
    [] AS marks,
    d.unit,
    d.definition
  FROM prediction_calibration AS m
  JOIN measure_definitions AS d ON d.table_name = 'prediction_calibration'
  WHERE m.bin = 'all' OR m.forecaster = 'program'
),

facts AS (
  SELECT * FROM measured_facts
  UNION ALL
  SELECT * FROM catalogue_sums
  UNION ALL
  SELECT * FROM catalogue_people
  UNION ALL
  SELECT * FROM small_facts
  UNION ALL
  SELECT * FROM change_facts
  UNION ALL
  SELECT * FROM prediction_facts WHERE value IS NOT NULL
  UNION ALL
  SELECT * FROM figure_facts WHERE value IS NOT NULL
  UNION ALL
  SELECT * FROM restated_facts
  UNION ALL
  SELECT * FROM forecast_facts WHERE value IS NOT NULL
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
    marks || CASE WHEN measure <> 'commits' AND low IS NOT NULL AND people_in_both < 5 THEN ['change_by_few'] ELSE [] END
  FROM category_changes
  WHERE measure IN ('commits', 'contributors')
  UNION ALL
  SELECT
    entity,
    concat('basket_', measure, '_qoq_pct'),
    CASE WHEN measure = 'commits' OR basket_people_in_both >= 5 THEN basket_low END,
    CASE WHEN measure = 'commits' OR basket_people_in_both >= 5 THEN basket_high END,
    CASE
      WHEN basket_change IS NOT NULL AND (basket_low IS NULL OR (measure <> 'commits' AND basket_people_in_both < 5))
        THEN ['change_by_few']
    END
  FROM category_changes
  WHERE measure IN ('commits', 'contributors')
  UNION ALL
  SELECT c.entity, d.measure, c.low, c.high, NULL
  FROM category_changes AS c
  JOIN change_definitions AS d ON d.source_measure = c.measure AND d.source_column = 'change'
  UNION ALL
  SELECT entity, measure, low, high, NULL FROM ratio_intervals
  UNION ALL
  SELECT concat(category_a, '+', category_b), 'shared', shared_low, shared_high, NULL
  FROM category_overlaps
  UNION ALL
  SELECT concat(category_a, '+', category_b), 'lift', lift_low, lift_high, NULL
  FROM category_overlaps
),

-- Of whose commits of the quarter before one person made over half: what its edition withheld, this one must not print
of_one_before AS (
  SELECT category
  FROM (
    SELECT a.category, i.contributor_id, sum(a.commits) AS commits
    FROM alias_activity AS a
    JOIN contributor_identities AS i ON i.alias_id = a.alias_id
    WHERE a.quarter < $quarter AND i.kind IN ('human', 'placeholder')
    GROUP BY a.category, i.contributor_id
  )
  GROUP BY category
  HAVING 2 * max(commits) FILTER (WHERE contributor_id IS NOT NULL) > sum(commits)
),

-- Left-out and agent-assisted commits of the catalogue that under five people made, or one of them over half of
by_reason AS (
  SELECT concat('not_counted_', c.not_counted_reason) AS measure, i.contributor_id
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.quarter = $quarter AND c.not_counted_reason IS NOT NULL
  UNION ALL
  SELECT 'agent_assisted_commits', i.contributor_id
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.quarter = $quarter
    AND c.is_counted
    AND i.kind IN ('human', 'placeholder')
    AND len(list_intersect(c.coauthor_alias_ids, (SELECT list(alias_id) FROM contributor_identities WHERE kind = 'agent'))) > 0
),

of_few_people AS (
  SELECT measure
  FROM (SELECT measure, contributor_id, count(*) AS commits FROM by_reason GROUP BY measure, contributor_id)
  GROUP BY measure
  HAVING count(contributor_id) < 5 OR 2 * max(commits) FILTER (WHERE contributor_id IS NOT NULL) > sum(commits)
),

marked AS (
  SELECT
    f.*,
    i.low,
    i.high,
    f.marks
    || CASE
      WHEN i.marks IS NULL THEN []
      WHEN f.entity_kind = 'catalogue' THEN [mark FOR mark IN i.marks IF NOT array_contains(f.marks, mark)]
      WHEN array_contains(i.marks, 'change_by_few') THEN ['change_by_few']
      ELSE []
    END
    || CASE
      WHEN f.measure IN ('commits_previous', 'commits_published', 'commits_restated', 'basket_commits_previous')
        AND f.entity IN (SELECT category FROM of_one_before)
        THEN ['of_one_person']
      WHEN f.entity = 'catalogue' AND f.value > 0 AND f.measure IN (SELECT measure FROM of_few_people)
        THEN ['of_one_person']
      ELSE []
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
    WHEN array_has_any(
      all_marks,
      [
        'first_quarter', 'no_base', 'no_commits', 'paths_unknown', 'no_core_files', 'one_author',
        'window_before_catalogue', 'few_people', 'change_by_few', 'little_expected', 'no_people', 'not_above_chance'
      ]
    ) THEN all_marks
    WHEN NOT $has_previous THEN all_marks || ['first_quarter']
    ELSE all_marks || ['no_base']
  END AS marks
FROM marked
