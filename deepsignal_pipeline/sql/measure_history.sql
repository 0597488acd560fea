-- What can be predicted, measured alike in every quarter that was read, up to this one.
--
-- Grain: measured quarter x entity x measure. All quarters stand under the identities of today: the published metrics of an
-- earlier quarter may stand under others.
SELECT
  measured_quarter,
  entity_kind,
  entity,
  measure,
  value,
  people,
  smallest_part,
  null_reason
FROM measured_quarters
