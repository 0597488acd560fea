"""What is particular about a category: where it lies far from the other eleven. The furthest is said first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, pstdev

from deepsignal_pipeline.report.compose import Voice, is_shown, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Text
from deepsignal_pipeline.report.prose import phrases, quiet_phrases

_MOST = 0.5
_FEW = 10
_REPEATED = 0.75  # what an observation is worth each further time that an edition makes it


@dataclass(frozen=True)
class Observation:
    """A kind of observation about a category, and how far the category lies from the others in it."""

    kind: str
    side: str
    distance: float
    rank_measure: str

    @property
    def key(self) -> str:
        """The key of its phrases."""
        return f"{self.kind}.{self.side}"


@dataclass(frozen=True)
class _Scale:
    kind: str
    measure: Callable[[Context, str], float | None]
    rank_measure: str = ""


def _fact(measure: str) -> Callable[[Context, str], float | None]:
    return lambda context, category: context.facts.value(category, measure)


def _per_person(measure: str) -> Callable[[Context, str], float | None]:
    def share(context: Context, category: str) -> float | None:
        value, people = (context.facts.value(category, m) for m in (measure, "contributors"))
        return value / people if value is not None and people else None

    return share


# To choose by, never to print: the numbers printed are the facts of the phrases.
_SCALES = (
    _Scale("newcomers", _per_person("contributors_new")),
    _Scale("stay", _fact("mean_active_weeks"), "mean_active_weeks"),
    _Scale("churn", _fact("engaged_churn_rate_pct"), "engaged_churn_rate_pct"),
    _Scale("tenure", _fact("median_tenure_years"), "median_tenure_years"),
    _Scale("pace", _per_person("full_time_like")),
    _Scale("spread", _fact("absence_factor"), "absence_factor"),
)


def observe(context: Context, category: str) -> list[Observation]:
    """Return what can be observed of a category, the most particular first."""
    found = []
    for scale in _SCALES:
        values = {c: v for c in context.categories if (v := scale.measure(context, c)) is not None}
        deviation = pstdev(values.values()) if len(values) > 1 else 0.0
        if category not in values or not deviation:
            continue
        distance = (values[category] - mean(values.values())) / deviation
        observation = Observation(scale.kind, "high" if distance > 0 else "low", abs(distance), scale.rank_measure)
        if _holds(context, category, observation.key):
            found.append(observation)
    return sorted(found, key=lambda o: (-o.distance, o.kind))


def tellable(observations: Sequence[Observation]) -> list[Observation]:
    """Return the observations that have a sentence; who is new and who stayed is told of every category anyhow."""
    return [observation for observation in observations if observation.key in phrases.OBSERVATIONS]


def choose(observations: Sequence[Observation], made: Counter[str], count: int) -> list[Observation]:
    """Return the observations to make, in order; what an edition made often is worth less."""
    order = sorted(observations, key=lambda o: (-o.distance * _REPEATED ** made[o.key], o.kind))
    made.update(o.key for o in order[:count])
    return order[:count]


def tell(context: Context, voice: Voice, category: str, observation: Observation) -> Text:
    """Return the sentence of an observation."""
    # Each kind of observation has a way to say it of which no number is hidden
    patterns = [p for p in phrases.OBSERVATIONS[observation.key] if is_shown(context.facts, p, c=category)]
    pattern = voice.pick(observation.key, patterns)
    return say(context.facts, pattern, c=category, rank=_rank(context, category, observation))


def tell_briefly(context: Context, voice: Voice, category: str, observation: Observation) -> Text:
    """Return an observation as a clause."""
    pattern = voice.pick(f"brief.{observation.key}", quiet_phrases.CLAUSES[observation.key])
    return say(context.facts, pattern, c=category, rank=_rank(context, category, observation))


def _rank(context: Context, category: str, observation: Observation) -> str:
    """Claim a place at the end of the ranking of all twelve only where the printed values bear it out."""
    if observation.key not in phrases.RANKS:
        return ""
    order = context.ranked_whole(observation.rank_measure)
    if len(order) < len(context.categories):
        return ""
    end, next_to = (order[0], order[1]) if observation.side == "high" else (order[-1], order[-2])
    facts, measure = context.facts, observation.rank_measure
    is_alone = round(facts.number(end, measure), 1) != round(facts.number(next_to, measure), 1)
    return phrases.RANKS[observation.key] if end == category and is_alone else ""


def _holds(context: Context, category: str, key: str) -> bool:
    """Tell whether the words of an observation are true beyond the comparison: "mostly", "the rule", "few"."""
    facts = context.facts

    def part(measure: str) -> float:
        return facts.number(category, measure) / (facts.number(category, "contributors") or 1)

    if key.startswith(("newcomers", "churn")) and facts.value(category, "contributors_retained") is None:
        return False
    conditions = {
        "newcomers.high": part("contributors_new") > _MOST,
        "newcomers.low": part("contributors_retained") > _MOST,
        "stay.low": facts.number(category, "one_week_share") > _MOST,
        "stay.high": facts.number(category, "one_week_share") < _MOST,
        "churn.low": facts.number(category, "engaged_churn_rate_pct") < 100 * _MOST,
        "tenure.low": part("tenure_under_1_year") > _MOST,
        "pace.low": facts.number(category, "full_time_like") >= 2,
        "pace.high": facts.number(category, "full_time_like") >= 2,
        "spread.low": 2 <= facts.number(category, "absence_factor") <= _FEW,
    }
    return conditions.get(key, True)
