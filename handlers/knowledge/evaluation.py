"""Classify labelled posts, and compare the figures with the accepted ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from domain.knowledge.evaluation import EvaluationReport, Figure, Judged
from domain.knowledge.labelled_posts import LabelledPost
from domain.knowledge.reply_choices import ReplyChoice
from domain.networks import NetworkProfile
from domain.replies.checks.reply import Reply
from domain.replies.right_venue import Move
from domain.replies.rules_of_engagement import Guidance, RulesOfEngagement, RuleViolation
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text

_NEVER = datetime.min.replace(tzinfo=UTC)


def judge(
    posts: Sequence[LabelledPost], classifier: Classifier, desks: Mapping[str, Classifier] | None = None
) -> list[Judged]:
    """Classify the posts as if they had just arrived, without a language hint.

    Saved replies are ranked for posts that are labelled with some: by the classifier of their desk, where
    `desks` has it.
    """
    texts = [Text(post.text, classifier.language(post.text)) for post in posts]
    return [
        Judged(
            post,
            assessment,
            max(scores.situations.values()) if scores is not None else None,
            _ranked_names(post, (desks or {}).get(post.desk, classifier)),
        )
        for post, (assessment, scores) in zip(posts, classifier.classify(texts), strict=True)
    ]


def with_violations(
    rows: Sequence[Judged],
    classifier: Classifier,
    desks: Mapping[str, Classifier],
    *,
    rules: RulesOfEngagement,
    profile: NetworkProfile,
) -> list[Judged]:
    """Add which rules of engagement the suggestions break, as public replies on the network of `profile`."""
    return [
        replace(row, violations=_violations(row, desks.get(row.post.desk, classifier), rules, profile))
        for row in rows
    ]


def _violations(
    row: Judged, classifier: Classifier, rules: RulesOfEngagement, profile: NetworkProfile
) -> tuple[RuleViolation, ...] | None:
    """Return the rules that the suggestion breaks; `None` where there is none."""
    is_private = classifier.guidance.get(row.assessment.situation, Guidance()).is_private
    suggestion = classifier.suggest(
        row.assessment,
        row.post.text,
        author_name="",
        case_id=0,
        message_id=0,
        now=_NEVER,
        move=Move.BY_DIRECT_MESSAGE if is_private else None,
    )
    if suggestion is None:
        return None
    length = profile.count(suggestion.text)
    reply = Reply(
        text=suggestion.text,
        length=length.length,
        limit=length.limit,
        links=profile.links(suggestion.text),
        language=row.assessment.language,
        situation=row.assessment.situation,
        saved_texts=(suggestion.text,),
        is_picked=True,
    )
    return tuple(rules.check(reply))


def _ranked_names(post: LabelledPost, classifier: Classifier) -> tuple[str, ...]:
    if not post.replies:
        return ()
    return tuple(reply.name for reply in classifier.rank(post.text))


def learn_answers(answers: Sequence[LabelledPost], desks: Mapping[str, Classifier]) -> None:
    """Let the classifier of each desk learn that its posts were answered by the first of their replies."""
    for desk, classifier in desks.items():
        classifier.search.learnt.learn(
            [_sent(post) for post in answers if post.desk == desk and post.replies],
        )


def _sent(answer: LabelledPost) -> ReplyChoice:
    return ReplyChoice(
        case_id=0,
        message_id=0,
        answer_id=0,
        suggested="",
        chosen=answer.replies[0],
        is_edited=False,
        created_at=_NEVER,
        asked=answer.text,
    )


def worse_figures(report: EvaluationReport, accepted: Mapping[str, float]) -> list[Figure]:
    """Return the figures that are really worse than accepted: their whole interval is."""
    return [
        figure
        for figure in report.figures
        if figure.name in accepted and is_worse(figure, accepted[figure.name])
    ]


def is_worse(figure: Figure, accepted: float) -> bool:
    """Return whether the whole interval of the figure is worse than the accepted value."""
    if figure.low is None or figure.high is None:
        return True
    return figure.high < accepted if figure.more_is_better else figure.low > accepted
