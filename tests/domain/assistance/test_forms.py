"""Decide which texts are given to a model."""

import pytest

from domain.assistance.assistant import Rewrite
from domain.assistance.forms import MAX_REWRITTEN_LENGTH, RewriteFault, rewrite_fault


@pytest.mark.parametrize("rewrite", list(Rewrite))
def test_a_text_is_rewritten_unless_it_could_not_be_brought_back(rewrite: Rewrite) -> None:
    assert rewrite_fault(rewrite, "x" * MAX_REWRITTEN_LENGTH) is None
    assert rewrite_fault(rewrite, "x" * (MAX_REWRITTEN_LENGTH + 1)) is RewriteFault.TOO_LONG


@pytest.mark.parametrize("rewrite", list(Rewrite))
def test_only_a_question_needs_no_text(rewrite: Rewrite) -> None:
    expected = None if rewrite is Rewrite.ASK_DETAILS else RewriteFault.EMPTY
    assert rewrite_fault(rewrite, " \n") is expected
