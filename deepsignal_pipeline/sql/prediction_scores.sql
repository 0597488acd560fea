-- Every prediction known at the quarter, with what became of it.
--
-- Grain: prediction. Analysts' come from content/predictions, the program's own are made anew from what was measured, so
-- that an earlier quarter's stand as they were. The deadline's quarter decides, and the score stands in every later quarter.
-- A prediction is refused if no query decides it, if its figure was not measured when it was made, or if it was already true
-- then; it is undecidable if the figure of its deadline cannot be had, and unread if its quarter was not read.
-- The base rate of the program's events is that of all categories over the last four changes; its probability is that
-- rate shrunk towards the event's prior with the weight of twenty changes. An analyst's base rate is how often a category
-- (a pair) moved so far, in proportion, over as many quarters, within the four before. Probabilities are whole per cent:
-- their scores are integers. What simple rules would say stands beside, to be held against the base rate.
--
-- What was said counts as it was first printed, what happened as it is known today. Probabilities, base rate and rules are
-- those of the first edition that knew the prediction; both sides of its comparison are measured anew, since a figure
-- under today's catalogue and identities is compared with no threshold under others. What was printed stands beside: the
-- figures it was made on (of the first edition that knew it), state and figures of the first edition that decided it.
-- Without such an edition they are today's. What the program printed and would not make today is kept and judged as well.
WITH history AS (
  SELECT
    datediff('quarter', CAST($quarter AS DATE), measured_quarter) AS position,
    entity_kind,
    entity,
    measure,
    value,
    people,
    smallest_part
  FROM measure_history
),

-- The quarters that were read, by their distance from this one
quarters AS (
  SELECT
    position,
    min(position) OVER () AS first_position,
    CAST($quarter AS DATE) + to_months(CAST(3 * position AS INTEGER)) AS begins_on
  FROM (SELECT DISTINCT position FROM history)
),

categories AS (
  SELECT DISTINCT category, category_name FROM tracked_repositories
),

-- A category at a time with enough people to speak of: what came of each event the quarter after, and what simple rules see
steps AS (
  SELECT
    h.position,
    h.entity,
    e.event,
    h.value,
    -- As it is where nothing is added: a fraction times a hundred over a hundred may be another number
    CASE e.factor_pct WHEN 100 THEN h.value ELSE h.value * e.factor_pct / 100 END AS threshold,
    CASE
      WHEN 100 * n.value = e.factor_pct * h.value THEN e.is_inclusive
      ELSE (100 * n.value > e.factor_pct * h.value) = e.is_upward
    END AS came,
    h.value > b.value AS has_risen,
    h.value > c.value AS has_risen_in_two,
    3 * h.value > h.value + b.value + c.value AS is_above_mean
  FROM history AS h
  JOIN proposed_events AS e ON e.measure = h.measure
  LEFT JOIN history AS n ON n.entity = h.entity AND n.measure = h.measure AND n.position = h.position + 1
  LEFT JOIN history AS b ON b.entity = h.entity AND b.measure = h.measure AND b.position = h.position - 1
  LEFT JOIN history AS c ON c.entity = h.entity AND c.measure = h.measure AND c.position = h.position - 2
  WHERE h.entity_kind = 'category' AND h.value > 0 AND h.people >= 30
),

-- What each forecaster looks at; a rule needs one or two quarters before a change to look at it
viewed AS (
  SELECT
    s.*,
    f.forecaster,
    f.quarters_needed,
    CASE f.forecaster
      WHEN 'own_record' THEN s.entity
      WHEN 'persistence' THEN CAST(s.has_risen AS VARCHAR)
      WHEN 'momentum' THEN CAST(s.has_risen_in_two AS VARCHAR)
      WHEN 'reversion' THEN CAST(s.is_above_mean AS VARCHAR)
    END AS state
  FROM steps AS s
  CROSS JOIN (
    SELECT
      unnest(['base_rate', 'program', 'own_record', 'persistence', 'momentum', 'reversion']) AS forecaster,
      unnest([0, 0, 0, 1, 2, 2]) AS quarters_needed
  ) AS f
),

-- Rates of a quarter stand on the four changes before it, of which churn's look a quarter further back: none of fewer
makings AS (
  SELECT position AS made, concat(year(begins_on), '-q', quarter(begins_on)) AS label
  FROM quarters
  WHERE position - 5 >= first_position
    OR CAST($quarter AS DATE) + to_months(CAST(3 * first_position AS INTEGER)) = $first_quarter
),

-- What the four changes before each making show: of all categories, of each, and of those in the state that a rule sees
conditional AS (
  SELECT m.made, v.event, v.forecaster, v.state, count(*) AS n, count(*) FILTER (WHERE v.came) AS k
  FROM makings AS m
  JOIN viewed AS v ON v.position BETWEEN m.made - 4 + v.quarters_needed AND m.made - 1
  WHERE v.came IS NOT NULL
  GROUP BY m.made, v.event, v.forecaster, v.state
),

pooled AS (
  SELECT made, event, n, k FROM conditional WHERE forecaster = 'base_rate' AND n >= 12
),

-- The program's: (K + 20 prior) / (N + 20). A rule's: (k + 10 (K + 1) / (N + 2)) / (n + 10), which without k and n is
-- the base rate. Rounded half up to whole per cent, in integers until the one division
rates AS (
  SELECT
    v.position AS made,
    v.event,
    v.entity,
    v.threshold,
    v.forecaster,
    CAST(floor(
      CASE
        WHEN v.forecaster = 'program' THEN (200 * a.k + 40 * e.prior_pct + a.n + 20) / (2 * (a.n + 20))
        ELSE
          (200 * (coalesce(c.k, 0) * (a.n + 2) + 10 * (a.k + 1)) + (coalesce(c.n, 0) + 10) * (a.n + 2))
          / (2 * (coalesce(c.n, 0) + 10) * (a.n + 2))
      END
    ) AS INTEGER) AS pct
  FROM viewed AS v
  JOIN pooled AS a ON a.made = v.position AND a.event = v.event
  JOIN proposed_events AS e ON e.event = v.event
  LEFT JOIN conditional AS c
    ON c.made = v.position AND c.event = v.event AND c.forecaster = v.forecaster AND c.state = v.state
),

proposed AS (
  SELECT
    concat('auto-', m.label, '-', r.event, '-', r.entity) AS prediction_id,
    'program' AS author_kind,
    concat(c.category_name, ': ', e.phrase) AS statement,
    'rates of the four quarters before' AS source,
    r.event,
    e.measure,
    r.entity,
    e.operator,
    e.is_upward,
    e.is_inclusive,
    r.threshold AS fixed_threshold,
    CAST(NULL AS VARCHAR) AS other_measure,
    CAST(NULL AS VARCHAR) AS other_entity,
    r.made,
    r.made + 1 AS due,
    CAST(NULL AS VARCHAR) AS refusal,
    max(r.pct) FILTER (WHERE r.forecaster = 'program') AS probability_pct,
    max(r.pct) FILTER (WHERE r.forecaster = 'base_rate') AS base_rate_pct,
    max(r.pct) FILTER (WHERE r.forecaster = 'own_record') AS own_record_pct,
    max(r.pct) FILTER (WHERE r.forecaster = 'persistence') AS persistence_pct,
    max(r.pct) FILTER (WHERE r.forecaster = 'momentum') AS momentum_pct,
    max(r.pct) FILTER (WHERE r.forecaster = 'reversion') AS reversion_pct
  FROM rates AS r
  JOIN makings AS m ON m.made = r.made
  JOIN proposed_events AS e ON e.event = r.event
  JOIN categories AS c ON c.category = r.entity
  GROUP BY ALL
),

-- How far an analyst's figure has to move in proportion, and how often its like moved so far over as many quarters
moves AS (
  SELECT
    p.prediction_id,
    p.is_upward,
    p.is_inclusive,
    b.value * v.value * coalesce(a2.value, 1) AS moved,
    coalesce(p.value * a.value, b2.value * o.value * a.value) AS needed
  FROM written_predictions AS p
  JOIN makings AS g ON g.made = p.made
  JOIN history AS v ON v.entity = p.entity AND v.measure = p.measure AND v.position = p.made
  LEFT JOIN history AS o ON o.entity = p.other_entity AND o.measure = p.other_measure AND o.position = p.made
  JOIN history AS a
    ON a.measure = p.measure
    AND a.entity_kind = CASE WHEN v.entity_kind = 'pair' THEN 'pair' ELSE 'category' END
    AND a.position BETWEEN p.made - 4 AND p.made - (p.due - p.made)
    AND a.value > 0
    AND a.people >= CASE WHEN v.entity_kind = 'pair' THEN 5 ELSE 30 END
  JOIN history AS b
    ON b.entity = a.entity AND b.measure = a.measure AND b.position = a.position + p.due - p.made
  LEFT JOIN history AS a2
    ON a2.measure = p.other_measure
    AND a2.entity_kind = CASE WHEN o.entity_kind = 'pair' THEN 'pair' ELSE 'category' END
    AND a2.entity <> a.entity
    AND a2.position = a.position
    AND a2.value > 0
    AND a2.people >= CASE WHEN o.entity_kind = 'pair' THEN 5 ELSE 30 END
  LEFT JOIN history AS b2
    ON b2.entity = a2.entity AND b2.measure = a2.measure AND b2.position = b.position
  WHERE p.refusal IS NULL
),

likely AS (
  SELECT
    prediction_id,
    count(*) AS n,
    count(*) FILTER (WHERE CASE WHEN moved = needed THEN is_inclusive ELSE (moved > needed) = is_upward END) AS k
  FROM moves
  WHERE moved IS NOT NULL AND needed IS NOT NULL
  GROUP BY prediction_id
),

first_said AS (
  SELECT *, datediff('quarter', CAST($quarter AS DATE), made_on) AS made
  FROM published_predictions
  QUALIFY row_number() OVER (PARTITION BY prediction_id ORDER BY printed_on) = 1
),

-- The program gives all categories the same: also one that it would ask for the first time today
first_given AS (
  SELECT event, made, min(probability_pct) AS probability_pct, min(base_rate_pct) AS base_rate_pct
  FROM first_said
  WHERE event IS NOT NULL
  GROUP BY event, made
),

first_decided AS (
  SELECT *
  FROM published_predictions
  WHERE state IN ('came_true', 'failed', 'undecidable')
  QUALIFY row_number() OVER (PARTITION BY prediction_id ORDER BY printed_on) = 1
),

-- What the program said once, of a category that has too few people today, or another name
withdrawn AS (
  SELECT
    s.prediction_id,
    'program' AS author_kind,
    s.statement,
    'rates of the four quarters before' AS source,
    s.event,
    e.measure,
    s.entity,
    e.operator,
    e.is_upward,
    e.is_inclusive,
    CASE e.factor_pct WHEN 100 THEN h.value ELSE h.value * e.factor_pct / 100 END AS fixed_threshold,
    CAST(NULL AS VARCHAR) AS other_measure,
    CAST(NULL AS VARCHAR) AS other_entity,
    s.made,
    s.made + 1 AS due,
    CAST(NULL AS VARCHAR) AS refusal,
    s.probability_pct,
    s.base_rate_pct,
    s.own_record_pct,
    s.persistence_pct,
    s.momentum_pct,
    s.reversion_pct
  FROM first_said AS s
  JOIN proposed_events AS e ON e.event = s.event
  LEFT JOIN history AS h ON h.entity = s.entity AND h.measure = e.measure AND h.position = s.made
  ANTI JOIN proposed AS p ON p.prediction_id = s.prediction_id
),

known AS (
  SELECT
    p.prediction_id,
    'analyst' AS author_kind,
    p.statement,
    p.source,
    CAST(NULL AS VARCHAR) AS event,
    p.measure,
    p.entity,
    p.operator,
    p.is_upward,
    p.is_inclusive,
    p.value AS fixed_threshold,
    p.other_measure,
    p.other_entity,
    p.made,
    p.due,
    p.refusal,
    p.probability_pct,
    CAST(floor((200 * (l.k + 1) + l.n + 2) / (2 * (l.n + 2))) AS INTEGER) AS base_rate_pct,
    CAST(NULL AS INTEGER) AS own_record_pct,
    CAST(NULL AS INTEGER) AS persistence_pct,
    CAST(NULL AS INTEGER) AS momentum_pct,
    CAST(NULL AS INTEGER) AS reversion_pct
  FROM written_predictions AS p
  LEFT JOIN likely AS l ON l.prediction_id = p.prediction_id
  WHERE p.made <= 0
  UNION ALL
  SELECT * FROM proposed
  UNION ALL
  SELECT * FROM withdrawn
),

-- With what decides it in words, so that it is seen if somebody writes it anew
worded AS (
  SELECT
    k.*,
    CASE
      WHEN k.author_kind = 'analyst' AND k.measure IS NOT NULL
        THEN concat(
          k.measure, ' of ', k.entity, ' ', k.operator, ' ',
          coalesce(CAST(k.fixed_threshold AS VARCHAR), concat(k.other_measure, ' of ', k.other_entity)),
          ' in ', year(d.deadline), '-Q', quarter(d.deadline)
        )
    END AS query
  FROM known AS k
  CROSS JOIN LATERAL (SELECT CAST($quarter AS DATE) + to_months(CAST(3 * k.due AS INTEGER)) AS deadline) AS d
),

said AS (
  SELECT
    k.* REPLACE (
      coalesce(f.probability_pct, g.probability_pct, k.probability_pct) AS probability_pct,
      coalesce(f.base_rate_pct, g.base_rate_pct, k.base_rate_pct) AS base_rate_pct,
      coalesce(f.own_record_pct, k.own_record_pct) AS own_record_pct,
      coalesce(f.persistence_pct, k.persistence_pct) AS persistence_pct,
      coalesce(f.momentum_pct, k.momentum_pct) AS momentum_pct,
      coalesce(f.reversion_pct, k.reversion_pct) AS reversion_pct
    ),
    CASE
      WHEN coalesce(f.probability_pct, g.probability_pct) <> k.probability_pct THEN k.probability_pct
    END AS probability_now_pct,
    f.prediction_id IS NOT NULL AND f.query IS DISTINCT FROM k.query AS is_rewritten,
    f.state AS state_said,
    f.value_made AS value_said,
    f.threshold_made AS threshold_said,
    d.state AS state_decided,
    d.value AS value_decided,
    d.threshold AS threshold_decided
  FROM worded AS k
  LEFT JOIN first_said AS f ON f.prediction_id = k.prediction_id
  LEFT JOIN first_given AS g ON g.event = k.event AND g.made = k.made
  LEFT JOIN first_decided AS d ON d.prediction_id = k.prediction_id
),

-- Its figures when it was made, and at the deadline or, before it, in the quarter
placed AS (
  SELECT
    k.*,
    q.position IS NOT NULL AS is_read,
    m.value AS value_made,
    coalesce(k.fixed_threshold, n.value) AS threshold_made,
    v.value,
    coalesce(k.fixed_threshold, o.value) AS threshold,
    least(v.smallest_part, m.smallest_part, n.smallest_part, o.smallest_part) AS people
  FROM said AS k
  LEFT JOIN quarters AS q ON q.position = k.made
  LEFT JOIN history AS m ON m.entity = k.entity AND m.measure = k.measure AND m.position = k.made
  LEFT JOIN history AS n ON n.entity = k.other_entity AND n.measure = k.other_measure AND n.position = k.made
  LEFT JOIN history AS v ON v.entity = k.entity AND v.measure = k.measure AND v.position = least(k.due, 0)
  LEFT JOIN history AS o ON o.entity = k.other_entity AND o.measure = k.other_measure AND o.position = least(k.due, 0)
),

judged AS (
  SELECT
    *,
    CASE
      WHEN refusal IS NOT NULL THEN refusal
      WHEN NOT is_read THEN NULL
      WHEN value_made IS NULL OR threshold_made IS NULL THEN 'not_measured'
      WHEN CASE WHEN value_made = threshold_made THEN is_inclusive ELSE (value_made > threshold_made) = is_upward END
        THEN 'already_true'
    END AS refused,
    CASE WHEN value = threshold THEN is_inclusive ELSE (value > threshold) = is_upward END AS holds
  FROM placed
),

stated AS (
  SELECT
    *,
    CASE
      WHEN refused IS NOT NULL THEN 'refused'
      WHEN NOT is_read THEN 'unread'
      WHEN due > 0 THEN 'open'
      WHEN holds IS NULL THEN 'undecidable'
      WHEN holds THEN 'came_true'
      ELSE 'failed'
    END AS state
  FROM judged
),

scored AS (
  SELECT
    *,
    CASE state
      WHEN 'came_true' THEN (100 - probability_pct) * (100 - probability_pct)
      WHEN 'failed' THEN probability_pct * probability_pct
    END AS score,
    CASE state
      WHEN 'came_true' THEN (100 - base_rate_pct) * (100 - base_rate_pct)
      WHEN 'failed' THEN base_rate_pct * base_rate_pct
    END AS base_score,
    -- The first decision stands as printed; one that no edition before has told is told by this one. A refusal decides
    -- nothing: what was accepted once is seen to have been, and what was refused once too
    CASE
      WHEN state_said = 'refused' THEN 'refused'
      WHEN state_decided IS NOT NULL THEN state_decided
      WHEN state IN ('came_true', 'failed', 'undecidable') THEN state
      ELSE coalesce(state_said, state)
    END AS state_published
  FROM stated
)

SELECT
  prediction_id,
  author_kind,
  statement,
  source,
  event,
  measure,
  entity,
  operator,
  other_measure,
  other_entity,
  CAST($quarter AS DATE) + CAST(3 * made AS INTEGER) * INTERVAL 1 MONTH AS made_on,
  CAST($quarter AS DATE) + CAST(3 * due AS INTEGER) * INTERVAL 1 MONTH AS deadline,
  probability_pct,
  base_rate_pct,
  own_record_pct,
  persistence_pct,
  momentum_pct,
  reversion_pct,
  probability_now_pct,
  query,
  is_rewritten,
  state,
  state_published,
  refused AS refusal,
  CASE WHEN is_read THEN value_made END AS value_made,
  CASE WHEN is_read THEN threshold_made END AS threshold_made,
  CASE WHEN state NOT IN ('unread', 'refused') THEN value END AS value,
  CASE WHEN state NOT IN ('unread', 'refused') THEN threshold END AS threshold,
  coalesce(value_said, CASE WHEN is_read THEN value_made END) AS value_made_published,
  coalesce(threshold_said, CASE WHEN is_read THEN threshold_made END) AS threshold_made_published,
  CASE WHEN state_published IN ('came_true', 'failed') THEN coalesce(value_decided, value) END AS value_published,
  CASE WHEN state_published IN ('came_true', 'failed') THEN coalesce(threshold_decided, threshold) END AS threshold_published,
  CASE WHEN is_read THEN people END AS people,
  score / 10000 AS brier,
  base_score / 10000 AS base_rate_brier,
  1 - score / nullif(base_score, 0) AS skill
FROM scored
