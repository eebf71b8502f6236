"""Have a model draft replies to labelled posts, and judge the drafts as if they were to be suggested."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from domain.knowledge.evaluation import Drafted, Judged
from domain.model_calls import NoAnswer
from domain.networks import Networks
from domain.replies.rules_of_engagement import Guidance, RulesOfEngagement
from domain.triage.drafts import Drafter, DraftRequest
from domain.triage.situations import Situation
from handlers.triage.classify import Classifier
from handlers.triage.draft import (
    PostToDraft,
    build_request,
    drafted_reply,
    require_grounded,
    require_language,
    require_unbroken,
)

#: The model is asked once more where a draft is too long.
MAX_CALLS_PER_POST = 2
NOT_ASKED = "not asked: such posts get no draft, or no saved reply can be filled"


async def judge_drafts(
    rows: Sequence[Judged],
    classifier: Classifier,
    desks: Mapping[str, Classifier],
    *,
    drafter: Drafter,
    may_call: Callable[[], Awaitable[bool]],
    rules: RulesOfEngagement,
    networks: Networks,
    network: str,
) -> list[Judged]:
    """Return the posts with what became of their drafts; fewer where `may_call` says that it is enough."""
    judged: list[Judged] = []
    for row in rows:
        own = desks.get(row.post.desk, classifier)
        guidance = rules.situations.get(row.assessment.situation, Guidance())
        post = PostToDraft(
            text=row.post.text, assessment=row.assessment, network=network, must_move=guidance.is_private
        )
        is_spam = row.assessment.situation is Situation.SPAM
        request = None if is_spam else build_request(post, own, rules, networks)
        if request is None:
            judged.append(replace(row, draft=Drafted(refused=NOT_ASKED)))
            continue
        if not await may_call():
            break
        judged.append(replace(row, draft=await _drafted(row, request, own, drafter, rules, networks)))
    return judged


async def _drafted(
    row: Judged,
    request: DraftRequest,
    classifier: Classifier,
    drafter: Drafter,
    rules: RulesOfEngagement,
    networks: Networks,
) -> Drafted:
    try:
        draft = await drafter.draft(request)
        await asyncio.to_thread(require_grounded, draft, request, classifier)
        reply = drafted_reply(draft, request, networks)
        require_language(draft, reply, rules)
        require_unbroken(
            rules.check(replace(reply, language=draft.language, situation=row.assessment.situation))
        )
    except NoAnswer as reason:
        return Drafted(refused=str(reason))
    return Drafted(cited=draft.grounded_in)
