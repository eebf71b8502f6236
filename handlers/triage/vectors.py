"""Store the vectors of customers' messages with them."""

from collections.abc import Sequence

from domain.cases.messages import Message
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def keep_vectors(uow: UnitOfWork, classifier: Classifier, messages: Sequence[Message]) -> None:
    """Store the vectors of these messages, in place of earlier ones.

    None where there is no encoder, or it fails. Texts that were just classified are not encoded again.
    """
    trained = classifier.trained
    vectors = classifier.vectors([message.words for message in messages])
    if trained is not None and vectors:
        by_message = {message.id: vector for message, vector in zip(messages, vectors, strict=True)}
        uow.vectors.put_many(by_message, encoder=trained.encoder.name)
